#include "../cpuid/cpuid_caches.h"

#include <map>
#include <utility>

#include "check.h"

namespace copytax {

namespace {

std::map<std::pair<uint32_t, uint32_t>, CpuidRegisters> leaves;

CpuidRegisters Answer(uint32_t leaf, uint32_t subleaf) { return leaves[{leaf, subleaf}]; }

CpuidRegisters EndlessAnswer(uint32_t, uint32_t) { return {1 | 1 << 5, 0, 0, 0}; }

/// A cache of 64-byte lines in one partition.
CpuidRegisters Cache(uint32_t type, uint32_t level, uint32_t ways, uint32_t sets) {
  return {type | level << 5, (ways - 1) << 22 | 63, sets - 1, 0};
}

bool Is(const CpuidCache& cache, int level, CacheType type, uint64_t bytes) {
  return cache.level == level && cache.type == type && cache.bytes == bytes;
}

}  // namespace

void TestCpuidCaches(Random&) {
  leaves.clear();
  CHECK(ReadCpuidCaches(Answer).empty());

  leaves[{0x80000005, 0}].c = 48u << 24;
  leaves[{0x80000005, 0}].d = 32u << 24;
  leaves[{0x80000006, 0}].c = 1024u << 16;
  leaves[{0x80000006, 0}].d = 64u << 18;  // in units of 512 KiB
  std::vector<CpuidCache> caches = ReadCpuidCaches(Answer);
  CHECK(caches.size() == 4);
  CHECK(Is(caches[0], 1, CacheType::kData, 48 << 10));
  CHECK(Is(caches[1], 1, CacheType::kInstruction, 32 << 10));
  CHECK(Is(caches[2], 2, CacheType::kUnified, 1 << 20));
  CHECK(Is(caches[3], 3, CacheType::kUnified, 32 << 20));

  leaves[{0x8000001D, 0}] = Cache(1, 1, 8, 64);
  leaves[{0x8000001D, 1}] = Cache(3, 3, 16, 32768);
  caches = ReadCpuidCaches(Answer);
  CHECK(caches.size() == 2);
  CHECK(Is(caches[0], 1, CacheType::kData, 32 << 10));
  CHECK(Is(caches[1], 3, CacheType::kUnified, 32 << 20));

  leaves[{4, 0}] = Cache(2, 1, 8, 64);
  caches = ReadCpuidCaches(Answer);
  CHECK(caches.size() == 1 && Is(caches[0], 1, CacheType::kInstruction, 32 << 10));

  leaves[{4, 0}].b |= 1u << 12;  // two partitions
  CHECK(ReadCpuidCaches(Answer)[0].bytes == 64 << 10);

  CHECK(ReadCpuidCaches(EndlessAnswer).size() == 16);
}

}  // namespace copytax
