#include "cpuid_caches.h"

namespace copytax {

namespace {

/// No CPU has more; a hypervisor that never ends the list is not followed for ever.
constexpr uint32_t kMostCaches = 16;

/// A leaf with one cache for each subleaf, until one of no type.
std::vector<CpuidCache> Listed(CpuidRegisters (*cpuid)(uint32_t, uint32_t), uint32_t leaf) {
  std::vector<CpuidCache> caches;
  for (uint32_t at = 0; at < kMostCaches; at++) {
    const CpuidRegisters r = cpuid(leaf, at);
    const int type = static_cast<int>(r.a & 31);
    if (type < 1 || type > 3) break;
    const uint64_t ways = (r.b >> 22 & 0x3ff) + 1;
    const uint64_t partitions = (r.b >> 12 & 0x3ff) + 1;
    const uint64_t line = (r.b & 0xfff) + 1;
    const uint64_t sets = static_cast<uint64_t>(r.c) + 1;
    caches.push_back({static_cast<int>(r.a >> 5 & 7), static_cast<CacheType>(type), ways * partitions * line * sets});
  }
  return caches;
}

}  // namespace

std::vector<CpuidCache> ReadCpuidCaches(CpuidRegisters (*cpuid)(uint32_t, uint32_t)) {
  for (const uint32_t leaf : {4u, 0x8000001Du}) {
    const std::vector<CpuidCache> listed = Listed(cpuid, leaf);
    if (!listed.empty()) return listed;
  }
  const CpuidRegisters first = cpuid(0x80000005, 0);
  const CpuidRegisters others = cpuid(0x80000006, 0);
  const CpuidCache found[] = {
      {1, CacheType::kData, static_cast<uint64_t>(first.c >> 24) << 10},
      {1, CacheType::kInstruction, static_cast<uint64_t>(first.d >> 24) << 10},
      {2, CacheType::kUnified, static_cast<uint64_t>(others.c >> 16) << 10},
      {3, CacheType::kUnified, static_cast<uint64_t>(others.d >> 18) << 19},
  };
  std::vector<CpuidCache> caches;
  for (const CpuidCache& cache : found) {
    if (cache.bytes > 0) caches.push_back(cache);
  }
  return caches;
}

}  // namespace copytax
