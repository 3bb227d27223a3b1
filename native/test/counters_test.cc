#include "../cpu/counters.h"

#include <cerrno>
#include <cstring>

#include "../copy/timed_copy.h"
#include "fake_counters.h"

namespace copytax {
namespace {

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

}  // namespace

void TestCounters(Random&) {
  TestGroups();
  TestRefusals();
  TestReadings();
  TestCountedCopies();
}

}  // namespace copytax
