#include "../cpu/counter_events.h"

#include <linux/perf_event.h>

#include <cstring>

#include "../cpu/counters.h"
#include "check.h"

namespace copytax {

void TestCounterEvents(Random&) {
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
  Counters here;
  CHECK(here.Open() == !here.names().empty());
  CHECK(here.names().size() + here.refused().size() == 5);
}

}  // namespace copytax
