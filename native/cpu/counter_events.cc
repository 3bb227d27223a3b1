#include "counter_events.h"

#include <linux/perf_event.h>

#include <cstring>

namespace copytax {
namespace {

constexpr uint64_t MissesOf(uint64_t cache, uint64_t operation) {
  return cache | operation << 8 | static_cast<uint64_t>(PERF_COUNT_HW_CACHE_RESULT_MISS) << 16;
}

constexpr char kLastLevel[] = "llcMisses";
/// LsAnyFillsFromSys, DRAM or IO of any node: Processor Programming References of AMD's families 19h and 1Ah. It counts
/// lines that came to the first level from beyond the last, and that prefetchers asked for, too.
constexpr uint64_t kAmdFillsFromMemory = 0x4844;
constexpr int kAmdFamilyWithFills = 0x19;

CounterEvent LastLevelMisses(const CpuIdentity& cpu, bool is_arm) {
  if (is_arm) {
    return {kLastLevel, PERF_TYPE_HW_CACHE, MissesOf(PERF_COUNT_HW_CACHE_LL, PERF_COUNT_HW_CACHE_OP_READ), true};
  }
  const bool is_amd = strcmp(cpu.vendor, "AuthenticAMD") == 0;
  if (is_amd && cpu.family >= kAmdFamilyWithFills) return {kLastLevel, PERF_TYPE_RAW, kAmdFillsFromMemory, true};
  if (is_amd || strcmp(cpu.vendor, "HygonGenuine") == 0) return {kLastLevel, PERF_TYPE_RAW, 0, false};
  return {kLastLevel, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES, true};
}

}  // namespace

std::vector<CounterEvent> CounterEventsOf(const CpuIdentity& cpu, bool is_arm) {
  const uint64_t loads = MissesOf(PERF_COUNT_HW_CACHE_DTLB, PERF_COUNT_HW_CACHE_OP_READ);
  const uint64_t stores = MissesOf(PERF_COUNT_HW_CACHE_DTLB, PERF_COUNT_HW_CACHE_OP_WRITE);
  return {
      {"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, true},
      {"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, true},
      LastLevelMisses(cpu, is_arm),
      {"dtlbLoadMisses", PERF_TYPE_HW_CACHE, loads, true},
      {"dtlbStoreMisses", PERF_TYPE_HW_CACHE, stores, true},
  };
}

std::vector<CounterEvent> CounterEventsHere() {
#if defined(__aarch64__)
  return CounterEventsOf(ReadCpuIdentity(), true);
#else
  return CounterEventsOf(ReadCpuIdentity(), false);
#endif
}

}  // namespace copytax
