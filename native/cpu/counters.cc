#include "counters.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace copytax {
namespace {

struct Event {
  const char* name;
  uint64_t config;
};

constexpr Event kEvents[] = {
    {"cycles", PERF_COUNT_HW_CPU_CYCLES},
    {"instructions", PERF_COUNT_HW_INSTRUCTIONS},
    {"llcMisses", PERF_COUNT_HW_CACHE_MISSES},
};

int OpenEvent(uint64_t config) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = config;
  attributes.exclude_kernel = 1;  // an ordinary user is refused otherwise
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

const char* Meaning(int error) {
  switch (error) {
    case ENOENT:
    case EOPNOTSUPP:
      return "this CPU, or the hypervisor, does not offer it";
    case EACCES:
    case EPERM:
      return "not permitted: lower kernel.perf_event_paranoid to 2, or allow perf_event_open in the container";
    case ENOSYS:
      return "this Linux has no performance events";
    default:
      return strerror(error);
  }
}

}  // namespace

bool Counters::Open() {
  if (!files_.empty()) return true;
  reason_.clear();
  for (const Event& event : kEvents) {
    const int file = OpenEvent(event.config);
    if (file >= 0) {
      files_.push_back(file);
      names_.push_back(event.name);
    } else {
      const int error = errno;
      reason_ += std::string(reason_.empty() ? "" : "; ") + event.name + ": " + Meaning(error);
    }
  }
  return !files_.empty();
}

void Counters::Close() {
  for (const int file : files_) close(file);
  files_.clear();
  names_.clear();
}

std::vector<double> Counters::Read() const {
  std::vector<double> counts;
  for (const int file : files_) {
    struct {
      uint64_t value, enabled, running;
    } sample = {};
    const bool read_all = read(file, &sample, sizeof sample) == static_cast<ssize_t>(sizeof sample);
    const double scale = read_all && sample.running > 0 ? static_cast<double>(sample.enabled) / sample.running : 0;
    counts.push_back(static_cast<double>(sample.value) * scale);
  }
  return counts;
}

}  // namespace copytax
