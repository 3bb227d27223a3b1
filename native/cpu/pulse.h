// How fast a CPU is just now, memory aside: a loop that lives in registers, timed.
#pragma once

namespace copytax {

/// Runs the loop on the calling thread, for about 10 us, and returns nanoseconds per step of it: a step is one
/// operation in each of four chains, and takes one cycle on most CPUs. Any thread.
double Pulse();

struct PulseResult {
  double ns = -1;              // per step; -1 when a call failed
  const char* call = nullptr;  // the call that failed, with its errno
  int error = 0;
};

/// Pulse() on a thread of its own, pinned to the CPU. Waits until that CPU has run it.
PulseResult PulseOn(int cpu);

}  // namespace copytax
