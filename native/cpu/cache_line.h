// How far apart two CPUs are: one cache line goes back and forth between them.
#pragma once

namespace copytax {

struct RoundTrip {
  double ns = -1;              // of one round trip; -1 when refused or when nobody answered in time
  const char* call = nullptr;  // which call refused, with its errno
  int error = 0;
};

/// Starts two threads, pins one to each CPU and waits for them, at most about two seconds.
RoundTrip CacheLineRoundTrip(int cpu_a, int cpu_b, int iterations);

}  // namespace copytax
