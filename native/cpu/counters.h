// Performance counters of the calling thread, where the host grants them.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "counter_events.h"

struct perf_event_attr;

namespace copytax {

/// The system calls that counters are made of. A test has others.
struct CounterCalls {
  /// Returns a file, of the thread that calls, or an errno below zero. `group`: the file that leads its group, or -1.
  int (*open)(const perf_event_attr& attributes, int group);
  /// Starts the group that `file` leads. Returns 0, or what ioctl returns else.
  int (*enable)(int file);
  ssize_t (*read)(int file, void* to, size_t bytes);
  int (*close)(int file);
};
extern const CounterCalls kCounterCalls;

/// What one counter has counted since it was opened. It counted while `running`, of all the time that it was `enabled`:
/// less where more events were wanted than the CPU has counters, so that they took turns. Nanoseconds.
struct CounterReading {
  uint64_t value = 0, enabled = 0, running = 0;
};

/// An event that could not be opened, and the errno.
struct RefusedEvent {
  const char* name;
  int error;
};

/// One per environment, used by its thread alone: an event counts the thread that opened it, in user mode.
class Counters {
 public:
  Counters() : Counters(CounterEventsHere(), kCounterCalls) {}
  Counters(std::vector<CounterEvent> events, const CounterCalls& calls) : events_(std::move(events)), calls_(calls) {}
  ~Counters() { Close(); }
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  /// Opens what it can, in one group if the CPU can count it all at once. Idempotent. Returns false when nothing could
  /// be opened.
  bool Open();
  void Close();

  /// Of the events that are open, in the order of readings.
  const std::vector<const char*>& names() const { return names_; }
  const std::vector<RefusedEvent>& refused() const { return refused_; }

  /// Writes a reading of each open event to readings[0 .. names().size()). One that fails reads zeros: never counted.
  void Read(CounterReading* readings) const;

  /// What was counted since `before`, without what an empty stretch between two readings counts; to `counted`.
  void Since(const CounterReading* before, CounterReading* counted) const;
  /// Learns what an empty stretch counts: the least of several. `nothing` stands for the work.
  template <class Nothing>
  void LearnEmpty(Nothing nothing);

 private:
  struct Group {
    std::vector<int> files;    // the first one leads
    std::vector<size_t> rows;  // of the readings
  };

  int OpenEvent(const CounterEvent& event);
  void Enable();
  void SplitGroupsThatNeverRun();

  const std::vector<CounterEvent> events_;
  const CounterCalls& calls_;
  std::vector<Group> groups_;
  std::vector<CounterEvent> opened_;
  std::vector<const char*> names_;
  std::vector<RefusedEvent> refused_;
  std::vector<uint64_t> empty_;  // by row; no element before it was learnt
};

template <class Nothing>
void Counters::LearnEmpty(Nothing nothing) {
  constexpr int kTries = 16;
  if (!empty_.empty() || names_.empty()) return;
  std::vector<CounterReading> before(names_.size()), counted(names_.size());
  std::vector<uint64_t> least(names_.size(), UINT64_MAX);
  for (int i = 0; i < kTries; i++) {
    Read(before.data());
    nothing();
    Since(before.data(), counted.data());
    for (size_t row = 0; row < least.size(); row++) {
      if (counted[row].value < least[row]) least[row] = counted[row].value;
    }
  }
  empty_ = std::move(least);
}

}  // namespace copytax
