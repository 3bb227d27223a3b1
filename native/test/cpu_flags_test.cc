#include "../cpuid/cpu_flags.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "check.h"

namespace copytax {

namespace {

constexpr uint32_t kOsxsave = 1u << 27;
constexpr uint32_t kAvx2 = 1u << 5;
constexpr uint32_t kAvx512f = 1u << 16;

std::map<uint32_t, CpuidRegisters> leaves;
uint64_t saved;
bool asked;

CpuidRegisters Answer(uint32_t leaf, uint32_t subleaf) { return subleaf == 0 ? leaves[leaf] : CpuidRegisters{}; }

uint64_t AnswerXcr0() {
  asked = true;
  return saved;
}

CpuFlags WithXcr0(uint64_t bits) {
  saved = bits;
  return ReadX86Flags(Answer, AnswerXcr0);
}

/// Flags that Linux shows in /proc/cpuinfo for the first CPU.
std::set<std::string> FlagsOfLinux() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && line.compare(0, 5, "flags") != 0) {
  }
  std::istringstream words(line.substr(std::min(line.size(), line.find(':') + 1)));
  std::set<std::string> flags;
  for (std::string word; words >> word;) flags.insert(word);
  return flags;
}

void TestThisCpu() {
  const CpuFlags& flags = GetCpuFlags();
  const struct {
    const char* name;
    bool flag;
  } shown[] = {
      {"erms", flags.erms},
      {"fsrm", flags.fsrm},
      {"avx2", flags.avx2},
      {"avx512f", flags.avx512f},
      {"sse4_2", flags.sse42},
      {"clflushopt", flags.clflushopt},
      {"clwb", flags.clwb},
      {"movdir64b", flags.movdir64b},
      {"nonstop_tsc", flags.invariant_tsc},
      {"hypervisor", flags.hypervisor},
  };
  if (getenv("COPYTAX_EMULATED") != nullptr) return;  // /proc tells of the CPU that emulates
  // Linux may leave out what it was told not to use, but shows nothing that is not there.
  const std::set<std::string> of_linux = FlagsOfLinux();
  for (const auto& [name, flag] : shown) CHECK(flag || of_linux.count(name) == 0);
#if defined(__x86_64__) && !defined(__clang__)
  CHECK(flags.avx2 == (__builtin_cpu_supports("avx2") != 0));
  CHECK(flags.avx512f == (__builtin_cpu_supports("avx512f") != 0));
  CHECK(flags.sse42 == (__builtin_cpu_supports("sse4.2") != 0));
#endif
}

}  // namespace

void TestCpuFlags(Random&) {
  leaves.clear();
  for (int i = 0; i < kCpuFlagCount; i++) CHECK(!(WithXcr0(~0ull).*kCpuFlagNames[i].flag));
  CHECK(!asked);

  // Wide registers that the CPU has and the operating system does not know.
  leaves[7].b = kAvx2 | kAvx512f;
  CHECK(!WithXcr0(0xe7).avx2 && !WithXcr0(0xe7).avx512f && !asked);
  leaves[1].c = kOsxsave;
  for (const uint64_t bits : {0x1, 0x3, 0x5, 0xe1, 0xe3, 0xe5}) {
    CHECK(!WithXcr0(bits).avx2 && !WithXcr0(bits).avx512f);
  }
  for (const uint64_t bits : {0x7, 0x27, 0x47, 0x67, 0x87, 0xa7, 0xc7}) {
    CHECK(WithXcr0(bits).avx2 && !WithXcr0(bits).avx512f);
  }
  CHECK(asked && WithXcr0(0xe7).avx2 && WithXcr0(0xe7).avx512f);
  leaves[7].b = kAvx2;
  CHECK(WithXcr0(0xe7).avx2 && !WithXcr0(0xe7).avx512f);
  leaves[7].b = kAvx512f;
  CHECK(!WithXcr0(0xe7).avx2 && WithXcr0(0xe7).avx512f);

  leaves[7] = {0, 1u << 9 | 1u << 23 | 1u << 24, 1u << 28, 1u << 4};
  leaves[1].c = 1u << 20 | 1u << 31;
  leaves[0x80000007].d = 1u << 8;
  const CpuFlags others = WithXcr0(0);
  CHECK(others.erms && others.fsrm && others.clflushopt && others.clwb && others.movdir64b);
  CHECK(others.sse42 && others.hypervisor && others.invariant_tsc);

  TestThisCpu();
}

}  // namespace copytax
