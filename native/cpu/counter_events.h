// Which events of Linux's performance counters are meant by the names that this program gives them.
#pragma once

#include <cstdint>
#include <vector>

#include "../cpuid/cpu_flags.h"

namespace copytax {

struct CounterEvent {
  const char* name;
  uint32_t type;    // as perf_event_attr has it
  uint64_t config;  // likewise
  bool told;        // false where no event of this CPU counts that for one thread
};

/// The events of a CPU, in the order in which they are counted. Linux's own "cache misses" are those of the last level
/// on Intel's CPUs only: AMD's count the second level by it, and arm64 the first.
std::vector<CounterEvent> CounterEventsOf(const CpuIdentity& cpu, bool is_arm);

/// Those of this CPU. Any thread.
std::vector<CounterEvent> CounterEventsHere();

}  // namespace copytax
