// Counters over system calls of its own: no host that this is developed on grants the events of a CPU.
#pragma once

#include <linux/perf_event.h>

#include <cerrno>
#include <map>
#include <set>
#include <vector>

#include "../cpu/counters.h"
#include "check.h"

namespace copytax {

/// A CPU with some counters, and what is open on it.
struct FakeCpu {
  size_t counters = 6;
  int error = 0;               // of every open, if not 0
  bool stolen = false;         // another program has a counter: groups of several never run
  uint64_t runs_share = 1;     // a group runs in one nanosecond of this many
  std::set<uint64_t> refused;  // configurations that it does not offer
  std::set<uint64_t> joins;    // configurations that it offers only beside others
  bool broken = false;         // reads fail
  bool cut = false;            // reads end before the last member
  std::map<int, int> leader_of;
  std::set<int> running;  // groups that were started
  int next_file = 100;
  uint64_t time = 0;
};
inline FakeCpu fake;

inline size_t MembersOf(int leader) {
  size_t members = 0;
  for (const auto& [file, of] : fake.leader_of) members += of == leader;
  return members;
}

inline int FakeOpen(const perf_event_attr& attributes, int group) {
  CHECK(attributes.exclude_kernel == 1 && attributes.exclude_hv == 1);
  CHECK(attributes.disabled == (group < 0 ? 1 : 0));
  if (fake.error != 0) return -fake.error;
  if (fake.refused.count(attributes.config) > 0) return -ENOENT;
  if (group < 0 && fake.joins.count(attributes.config) > 0) return -EBUSY;
  if (group >= 0) {
    CHECK(fake.leader_of.count(group) == 1 && fake.leader_of[group] == group && fake.running.count(group) == 0);
    if (MembersOf(group) >= fake.counters) return -EINVAL;
  }
  const int file = fake.next_file++;
  fake.leader_of[file] = group < 0 ? file : group;
  return file;
}

inline int FakeEnable(int file) {
  CHECK(fake.leader_of.at(file) == file && fake.running.insert(file).second);
  return 0;
}

/// A microsecond for each call; each member counts ten times its place more than the one before it.
inline ssize_t FakeRead(int file, void* to, size_t bytes) {
  CHECK(fake.leader_of.at(file) == file && fake.running.count(file) == 1);
  if (fake.broken) return -1;
  const size_t members = MembersOf(file);
  CHECK(bytes == (3 + members) * sizeof(uint64_t));
  fake.time += 1000;
  uint64_t* words = static_cast<uint64_t*>(to);
  words[0] = members;
  words[1] = fake.time;
  words[2] = fake.stolen && members > 1 ? 0 : fake.time / fake.runs_share;
  for (size_t i = 0; i < members; i++) words[3 + i] = words[2] * (i + 1);
  return static_cast<ssize_t>(fake.cut ? bytes - sizeof(uint64_t) : bytes);
}

/// Without its leader a group counts nothing, so that the leader goes last.
inline int FakeClose(int file) {
  CHECK(fake.leader_of.at(file) != file || MembersOf(file) == 1);
  CHECK(fake.leader_of.erase(file) == 1);
  return 0;
}

inline constexpr CounterCalls kFakeCalls = {FakeOpen, FakeEnable, FakeRead, FakeClose};

inline std::vector<CounterEvent> SomeEvents(size_t count) {
  static const char* const kNames[] = {"a", "b", "c", "d", "e"};
  std::vector<CounterEvent> events;
  for (size_t i = 0; i < count; i++) events.push_back({kNames[i], PERF_TYPE_RAW, i, true});
  return events;
}

inline size_t Groups() {
  std::set<int> leaders;
  for (const auto& [file, leader] : fake.leader_of) leaders.insert(leader);
  return leaders.size();
}

}  // namespace copytax
