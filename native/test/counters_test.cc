// Counters over system calls of its own: no host that this is developed on grants the events of a CPU. Where Linux
// grants software events, the same code counts those.
#include "../cpu/counters.h"

#include <dirent.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "../copy/timed_copy.h"
#include "check.h"

namespace copytax {
namespace {

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
FakeCpu fake;

size_t MembersOf(int leader) {
  size_t members = 0;
  for (const auto& [file, of] : fake.leader_of) members += of == leader;
  return members;
}

int FakeOpen(const perf_event_attr& attributes, int group) {
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

int FakeEnable(int file) {
  CHECK(fake.leader_of.at(file) == file && fake.running.insert(file).second);
  return 0;
}

/// A microsecond for each call; each member counts ten times its place more than the one before it.
ssize_t FakeRead(int file, void* to, size_t bytes) {
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
int FakeClose(int file) {
  CHECK(fake.leader_of.at(file) != file || MembersOf(file) == 1);
  CHECK(fake.leader_of.erase(file) == 1);
  return 0;
}

constexpr CounterCalls kFakeCalls = {FakeOpen, FakeEnable, FakeRead, FakeClose};

std::vector<CounterEvent> SomeEvents(size_t count) {
  static const char* const kNames[] = {"a", "b", "c", "d", "e"};
  std::vector<CounterEvent> events;
  for (size_t i = 0; i < count; i++) events.push_back({kNames[i], PERF_TYPE_RAW, i, true});
  return events;
}

size_t Groups() {
  std::set<int> leaders;
  for (const auto& [file, leader] : fake.leader_of) leaders.insert(leader);
  return leaders.size();
}

void TestGroups() {
  for (size_t on_cpu = 1; on_cpu <= 6; on_cpu++) {
    fake = {};
    fake.counters = on_cpu;
    {
      Counters counters(SomeEvents(5), kFakeCalls);
      CHECK(counters.Open() && counters.Open());
      CHECK(counters.names().size() == 5 && counters.refused().empty() && fake.leader_of.size() == 5);
      CHECK(Groups() == (on_cpu >= 5 ? 1 : 6 - on_cpu));
      counters.Close();
      CHECK(fake.leader_of.empty() && counters.names().empty());
      CHECK(counters.Open());
    }
    CHECK(fake.leader_of.empty());  // closed by the destructor
  }
  fake = {};
  fake.stolen = true;
  Counters split(SomeEvents(3), kFakeCalls);
  CHECK(split.Open() && Groups() == 3 && split.names().size() == 3);
  CounterReading readings[3];
  split.Read(readings);
  for (const CounterReading& reading : readings) CHECK(reading.running > 0);
  split.Close();
  fake.joins = {1};
  CHECK(split.Open() && Groups() == 2 && split.names().size() == 2);
  CHECK(split.refused().size() == 1 && strcmp(split.refused()[0].name, "b") == 0 && split.refused()[0].error == EBUSY);
}

void TestRefusals() {
  for (const int error : {ENOENT, EACCES, EPERM, ENOSYS, EMFILE}) {
    fake = {};
    fake.error = error;
    Counters counters(SomeEvents(2), kFakeCalls);
    CHECK(!counters.Open() && counters.names().empty() && counters.refused().size() == 2);
    CHECK(counters.refused()[0].error == error && strcmp(counters.refused()[1].name, "b") == 0);
    counters.Read(nullptr);  // writes nothing
    fake.error = 0;
    CHECK(counters.Open() && counters.refused().empty());  // a later try may be granted
  }
  fake = {};
  fake.refused = {0, 2};
  std::vector<CounterEvent> events = SomeEvents(4);
  events[3].told = false;
  Counters some(events, kFakeCalls);
  CHECK(some.Open() && some.names().size() == 1 && strcmp(some.names()[0], "b") == 0);
  CHECK(some.refused().size() == 3 && some.refused()[2].error == ENOENT);
}

void TestReadings() {
  fake = {};
  fake.runs_share = 4;
  Counters counters(SomeEvents(2), kFakeCalls);
  CHECK(counters.Open());
  CounterReading before[2], counted[2];
  counters.Read(before);
  counters.Since(before, counted);
  CHECK(counted[0].enabled == 1000 && counted[0].running == 250);
  CHECK(counted[0].value == 250 && counted[1].value == 500);
  counters.LearnEmpty([] {});
  counters.Read(before);
  counters.Since(before, counted);
  CHECK(counted[0].value == 0 && counted[1].value == 0 && counted[1].enabled == 1000);
  counters.Read(before);
  fake.time += 4000;
  counters.Since(before, counted);
  CHECK(counted[0].value == 1000 && counted[1].value == 2000);
  for (bool* const fails : {&fake.broken, &fake.cut}) {
    *fails = true;
    counters.Since(before, counted);
    CHECK(counted[0].value == 0 && counted[0].enabled == 0 && counted[0].running == 0);
    *fails = false;
  }
  counters.Close();
  CHECK(counters.Open());
  counters.Read(before);
  counters.Since(before, counted);  // what was learned went with the events
  CHECK(counted[0].value == 250 && counted[1].value == 500);
  counters.LearnEmpty([] { fake.time += 1000; });
  counters.Read(before);
  counters.Since(before, counted);  // less than what was learned
  CHECK(counted[0].value == 0 && counted[1].value == 0);
}

void TestCountedCopies() {
  fake = {};
  Counters counters(SomeEvents(2), kFakeCalls);
  CHECK(counters.Open());
  std::vector<char> to(4096), from(4096, 7);
  const TimedCopy spec = {
      CopyKernels()[0].copy, {to.data(), to.size(), false}, {from.data(), from.size(), false}, 64, 10, 3};
  double ns[3];
  CounterReading rows[6];
  const CountedCopy counted = {&counters, rows};
  RunTimedCopy(spec, ns, &counted);
  // Each batch has one reading before it and one after, and an empty stretch has as many, which is taken off.
  for (const CounterReading& row : rows) CHECK(row.value == 0 && row.enabled == 1000 && row.running == 1000);
  counters.Close();
  RunTimedCopy(spec, ns, &counted);
  CHECK(memcmp(to.data(), from.data(), 640) == 0);
}

void TestEvents() {
  CpuIdentity cpu;
  strcpy(cpu.vendor, "GenuineIntel");
  CHECK(CounterEventsOf(cpu, false)[2].type == PERF_TYPE_HARDWARE);
  strcpy(cpu.vendor, "AuthenticAMD");
  cpu.family = 0x17;
  CHECK(!CounterEventsOf(cpu, false)[2].told);
  cpu.family = 0x1A;
  CHECK(CounterEventsOf(cpu, false)[2].type == PERF_TYPE_RAW && CounterEventsOf(cpu, false)[2].told);
  strcpy(cpu.vendor, "HygonGenuine");
  CHECK(!CounterEventsOf(cpu, false)[2].told);
  CHECK(CounterEventsOf(cpu, true)[2].type == PERF_TYPE_HW_CACHE);
  CHECK(CounterEventsHere().size() == 5);
}

size_t OpenFiles() {
  size_t files = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (folder != nullptr && readdir(folder) != nullptr) files++;
  if (folder != nullptr) closedir(folder);
  return files;
}

/// Software events need no counter of the CPU: what Linux grants is counted by the real calls.
void TestSoftwareEvents() {
  const std::vector<CounterEvent> events = {{"taskClock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, true},
                                            {"pageFaults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, true}};
  const size_t files = OpenFiles();
  for (int i = 0; i < 3; i++) {
    Counters closed(events, kCounterCalls);
    if (closed.Open()) CHECK(OpenFiles() == files + 2);
    if (i % 2 == 0) closed.Close();
  }
  CHECK(OpenFiles() == files);
  Counters counters(events, kCounterCalls);
  if (!counters.Open()) {
    printf("SKIPPED: software events are refused: %s\n", strerror(counters.refused()[0].error));
    return;
  }
  CHECK(counters.names().size() == 2);
  CounterReading before[2], counted[2];
  counters.Read(before);
  constexpr size_t kPages = 64;
  const size_t bytes = kPages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED && madvise(memory, bytes, MADV_NOHUGEPAGE) <= 0);
  for (size_t i = 0; i < bytes; i += bytes / kPages) static_cast<volatile char*>(memory)[i] = 1;
  counters.Since(before, counted);
  munmap(memory, bytes);
  CHECK(counted[0].value > 0 && counted[0].enabled > 0 && counted[0].running == counted[0].enabled);
  CHECK(counted[1].value >= kPages);
}

}  // namespace

void TestCounters(Random&) {
  TestGroups();
  TestRefusals();
  TestReadings();
  TestCountedCopies();
  TestEvents();
  TestSoftwareEvents();
  Counters here;
  CHECK(here.Open() == !here.names().empty());
  CHECK(here.names().size() + here.refused().size() == 5);
}

}  // namespace copytax
