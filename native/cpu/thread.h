// The calling thread: which CPUs it may use, and what it has used.
#pragma once

#include <vector>

namespace copytax {

/// Upper bound of the CPU numbers that Linux may use.
constexpr int kMaxCpus = 8192;

/// Binds the calling thread to one CPU. Returns 0 or an errno.
int PinThread(int cpu);

/// CPUs that the calling thread may run on, ascending; empty when Linux does not say.
std::vector<int> ThreadAffinity();

/// What the thread has used since it began. Doubles, because JavaScript gets them.
struct Usage {
  double voluntary_switches;
  double involuntary_switches;
  double user_ns;
  double system_ns;
  /// On a CPU in all, to the nanosecond: user_ns and system_ns may be up to a tick (4 ms) late.
  double cpu_ns;
  double minor_faults;
  double major_faults;
};
Usage UsageOfThread();

}  // namespace copytax
