#include "thread.h"

#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#include <cerrno>

namespace copytax {
namespace {

constexpr size_t kSetBytes = kMaxCpus / 8;

double Ns(const timeval& time) {
  return 1e9 * static_cast<double>(time.tv_sec) + 1e3 * static_cast<double>(time.tv_usec);
}

/// Linux brings this clock up to date when it is read; it brings ru_utime and ru_stime up to date at ticks only.
double CpuNs() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

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

Usage UsageOfThread() {
  rusage usage = {};
  getrusage(RUSAGE_THREAD, &usage);
  return {static_cast<double>(usage.ru_nvcsw),
          static_cast<double>(usage.ru_nivcsw),
          Ns(usage.ru_utime),
          Ns(usage.ru_stime),
          CpuNs(),
          static_cast<double>(usage.ru_minflt),
          static_cast<double>(usage.ru_majflt)};
}

}  // namespace copytax
