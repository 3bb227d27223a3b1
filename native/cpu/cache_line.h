// Measures how far apart two CPUs are: one cache line goes back and forth between them.
#pragma once

namespace copytax {

struct RoundTrip {
  double ns = -1;              // of one round trip; -1 when a call failed, or when a CPU did not get to run in time
  const char* call = nullptr;  // the call that failed, with its errno
  int error = 0;
};

/// Starts two threads, pins one to each CPU and waits for them, for about two seconds at most.
RoundTrip CacheLineRoundTrip(int cpu_a, int cpu_b, int iterations);

}  // namespace copytax
