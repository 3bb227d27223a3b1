#include "thread.h"

#include <sched.h>

#include <cerrno>

namespace copytax {
namespace {

constexpr size_t kSetBytes = kMaxCpus / 8;

}  // namespace

int PinThread(int cpu) {
  if (cpu < 0 || cpu >= kMaxCpus) return EINVAL;
  cpu_set_t set[kSetBytes / sizeof(cpu_set_t)] = {};
  CPU_SET_S(static_cast<size_t>(cpu), kSetBytes, set);
  return sched_setaffinity(0, kSetBytes, set) == 0 ? 0 : errno;
}

std::vector<int> ThreadAffinity() {
  cpu_set_t set[kSetBytes / sizeof(cpu_set_t)] = {};
  std::vector<int> cpus;
  if (sched_getaffinity(0, kSetBytes, set) != 0) return cpus;
  for (int cpu = 0; cpu < kMaxCpus; cpu++) {
    if (CPU_ISSET_S(static_cast<size_t>(cpu), kSetBytes, set)) cpus.push_back(cpu);
  }
  return cpus;
}

int CurrentCpu() { return sched_getcpu(); }

}  // namespace copytax
