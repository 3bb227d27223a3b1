// The caches that an x86 CPU itself reports. Leaves and fields: Intel's Software Developer's Manual, volume 2A, CPUID
// (4); AMD's Architecture Programmer's Manual, volume 3, appendix E (0x80000005, 0x80000006, 0x8000001D).
#pragma once

#include <cstdint>
#include <vector>

#include "cpu_flags.h"

namespace copytax {

enum class CacheType : int { kData = 1, kInstruction = 2, kUnified = 3 };

struct CpuidCache {
  int level;
  CacheType type;
  uint64_t bytes;
};

/// Of the CPU that the caller runs on, small to large; empty where it reports none. Where AMD reports sizes without who
/// shares them, that of the third level is of the whole package. Any thread.
std::vector<CpuidCache> ReadCpuidCaches(CpuidRegisters (*cpuid)(uint32_t leaf, uint32_t subleaf));

}  // namespace copytax
