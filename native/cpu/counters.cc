#include "counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace copytax {
namespace {

constexpr size_t kMostEvents = 16;

/// What read() writes with the format below.
struct GroupSample {
  uint64_t count, enabled, running;
  uint64_t values[kMostEvents];
};

/// Groups start when all have joined: what joins one that runs counts nothing until Linux next takes the CPU away.
perf_event_attr AttributesOf(const CounterEvent& event, bool leads) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = event.type;
  attributes.config = event.config;
  attributes.disabled = leads;
  attributes.exclude_kernel = 1;  // an ordinary user is refused otherwise
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return attributes;
}

/// An interrupted stretch can count less than an empty one would.
uint64_t Less(uint64_t value, uint64_t by) { return value > by ? value - by : 0; }

int OpenEventOfThread(const perf_event_attr& attributes, int group) {
  const long file = syscall(SYS_perf_event_open, &attributes, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
  return file < 0 ? -errno : static_cast<int>(file);
}

int EnableGroup(int file) { return ioctl(file, PERF_EVENT_IOC_ENABLE, 0); }

}  // namespace

const CounterCalls kCounterCalls = {OpenEventOfThread, EnableGroup, read, close};

bool Counters::Open() {
  if (!names_.empty()) return true;
  refused_.clear();
  for (const CounterEvent& event : events_) {
    const int error = event.told ? OpenEvent(event) : ENOENT;
    if (error != 0) refused_.push_back({event.name, error});
  }
  Enable();
  SplitGroupsThatNeverRun();
  return !names_.empty();
}

/// Joins the first group if the CPU can count it with that, and else begins another. Returns 0 or an errno.
int Counters::OpenEvent(const CounterEvent& event) {
  const bool joins = !groups_.empty() && groups_[0].files.size() < kMostEvents;
  int file = joins ? calls_.open(AttributesOf(event, false), groups_[0].files[0]) : -EINVAL;
  if (file >= 0) {
    groups_[0].files.push_back(file);
    groups_[0].rows.push_back(names_.size());
  } else if (file == -EINVAL) {
    file = calls_.open(AttributesOf(event, true), -1);
    if (file >= 0) groups_.push_back({{file}, {names_.size()}});
  }
  if (file < 0) return -file;
  names_.push_back(event.name);
  opened_.push_back(event);
  return 0;
}

/// Linux takes a group that the CPU could count, and never counts it if another program, or the watchdog of Linux
/// itself, keeps one of the counters. Its events alone take turns.
void Counters::SplitGroupsThatNeverRun() {
  std::vector<CounterReading> readings(names_.size());
  Read(readings.data());
  if (groups_.empty() || groups_[0].files.size() < 2) return;
  const CounterReading& first = readings[groups_[0].rows[0]];
  if (first.enabled == 0 || first.running > 0) return;
  const std::vector<CounterEvent> events = std::move(opened_);
  Close();
  for (const CounterEvent& event : events) {
    const int file = calls_.open(AttributesOf(event, true), -1);
    if (file < 0) {
      refused_.push_back({event.name, -file});
      continue;
    }
    groups_.push_back({{file}, {names_.size()}});
    names_.push_back(event.name);
    opened_.push_back(event);
  }
  Enable();
}

void Counters::Enable() {
  for (const Group& group : groups_) calls_.enable(group.files[0]);
}

void Counters::Close() {
  for (const Group& group : groups_) {
    // A leader that is closed first leaves its followers without a group: they go first.
    for (size_t i = group.files.size(); i-- > 0;) calls_.close(group.files[i]);
  }
  groups_.clear();
  opened_.clear();
  names_.clear();
  empty_.clear();
}

void Counters::Read(CounterReading* readings) const {
  for (const Group& group : groups_) {
    GroupSample sample = {};
    const size_t members = group.files.size();
    const size_t bytes = sizeof sample - sizeof sample.values + members * sizeof sample.values[0];
    const bool whole = calls_.read(group.files[0], &sample, bytes) == static_cast<ssize_t>(bytes);
    for (size_t i = 0; i < members; i++) {
      readings[group.rows[i]] =
          whole ? CounterReading{sample.values[i], sample.enabled, sample.running} : CounterReading{};
    }
  }
}

void Counters::Since(const CounterReading* before, CounterReading* counted) const {
  Read(counted);
  for (size_t row = 0; row < names_.size(); row++) {
    CounterReading& reading = counted[row];
    if (reading.enabled < before[row].enabled) {  // it could not be read
      reading = {};
      continue;
    }
    reading.value = Less(Less(reading.value, before[row].value), empty_.empty() ? 0 : empty_[row]);
    reading.enabled -= before[row].enabled;
    reading.running = Less(reading.running, before[row].running);
  }
}

}  // namespace copytax
