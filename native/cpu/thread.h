// The calling thread: which CPUs it may use, which one it is on, what it has used.
#pragma once

#include <vector>

namespace copytax {

/// CPU numbers that the scheduler of this process may know, an upper bound.
constexpr int kMaxCpus = 8192;

/// Binds the calling thread to one CPU. 0 or an errno.
int PinThread(int cpu);

/// CPUs that the calling thread may run on, ascending; empty when the kernel does not say.
std::vector<int> ThreadAffinity();

/// -1 when the kernel does not say.
int CurrentCpu();

/// Since the thread began. Doubles, because that is what JavaScript gets.
struct Usage {
  double voluntary_switches;
  double involuntary_switches;
  double user_ns;
  double system_ns;
  double minor_faults;
  double major_faults;
};
Usage UsageOfThread();

}  // namespace copytax
