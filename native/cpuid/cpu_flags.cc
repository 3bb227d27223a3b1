#include "cpu_flags.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace copytax {

const CpuFlagName kCpuFlagNames[] = {
    {"erms", &CpuFlags::erms},
    {"fsrm", &CpuFlags::fsrm},
    {"avx2", &CpuFlags::avx2},
    {"avx512f", &CpuFlags::avx512f},
    {"sse42", &CpuFlags::sse42},
    {"clflushopt", &CpuFlags::clflushopt},
    {"clwb", &CpuFlags::clwb},
    {"movdir64b", &CpuFlags::movdir64b},
    {"invariantTsc", &CpuFlags::invariant_tsc},
    {"hypervisor", &CpuFlags::hypervisor},
    {"neon", &CpuFlags::neon},
    {"armCrc32", &CpuFlags::arm_crc32},
};
const int kCpuFlagCount = sizeof kCpuFlagNames / sizeof *kCpuFlagNames;

namespace {

/// Bits of XCR0: the registers of SSE and AVX; those, the mask registers and all of the 512-bit ones.
constexpr uint64_t kAvxState = 0x6;
constexpr uint64_t kAvx512State = 0xe6;

bool Bit(uint32_t value, int bit) { return (value >> bit & 1) != 0; }

#if defined(__x86_64__)

using Registers = CpuidRegisters;

Registers Cpuid(uint32_t leaf) { return ReadCpuid(leaf, 0); }

/// The register XCR0: one bit per group of registers that the operating system saves.
uint64_t ReadXcr0() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

CpuFlags Detect() { return ReadX86Flags(ReadCpuid, ReadXcr0); }

#elif defined(__aarch64__)

CpuFlags Detect() {
  CpuFlags flags;
  flags.neon = true;  // part of the architecture
  flags.arm_crc32 = (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
  return flags;
}

#else

CpuFlags Detect() { return {}; }

#endif

}  // namespace

CpuFlags ReadX86Flags(CpuidRegisters (*cpuid)(uint32_t leaf, uint32_t subleaf), uint64_t (*xcr0)()) {
  const CpuidRegisters basic = cpuid(1, 0);
  const CpuidRegisters extended = cpuid(7, 0);
  const CpuidRegisters power = cpuid(0x80000007, 0);
  // OSXSAVE; without it the instruction that reads XCR0 faults.
  const uint64_t saved = Bit(basic.c, 27) ? xcr0() : 0;
  CpuFlags flags;
  flags.erms = Bit(extended.b, 9);
  flags.fsrm = Bit(extended.d, 4);
  flags.avx2 = Bit(extended.b, 5) && (saved & kAvxState) == kAvxState;
  flags.avx512f = Bit(extended.b, 16) && (saved & kAvx512State) == kAvx512State;
  flags.sse42 = Bit(basic.c, 20);
  flags.clflushopt = Bit(extended.b, 23);
  flags.clwb = Bit(extended.b, 24);
  flags.movdir64b = Bit(extended.c, 28);
  flags.invariant_tsc = Bit(power.d, 8);
  flags.hypervisor = Bit(basic.c, 31);
  return flags;
}

CpuidRegisters ReadCpuid(uint32_t leaf, uint32_t subleaf) {
  CpuidRegisters r;
#if defined(__x86_64__)
  if (leaf >> 28 == 4) {
    // Outside the range that __get_cpuid_count allows.
    __cpuid_count(leaf, subleaf, r.a, r.b, r.c, r.d);
  } else if (!__get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d)) {
    return {};
  }
#else
  (void)leaf;
  (void)subleaf;
#endif
  return r;
}

const CpuFlags& GetCpuFlags() {
  static const CpuFlags flags = Detect();
  return flags;
}

CpuIdentity ReadCpuIdentity() {
  CpuIdentity id;
#if defined(__x86_64__)
  const Registers vendor = Cpuid(0);
  const uint32_t letters[] = {vendor.b, vendor.d, vendor.c};
  memcpy(id.vendor, letters, sizeof letters);
  const uint32_t signature = Cpuid(1).a;
  const int family = signature >> 8 & 15;
  const int number = signature >> 4 & 15;
  id.family = family == 15 ? family + static_cast<int>(signature >> 20 & 255) : family;
  id.number = family == 15 || family == 6 ? number + static_cast<int>(signature >> 12 & 0xf0) : number;
  id.stepping = signature & 15;
  for (uint32_t i = 0; i < 3; i++) {
    const Registers part = Cpuid(0x80000002 + i);
    memcpy(id.model + 16 * i, &part, sizeof part);
  }
  if (GetCpuFlags().hypervisor) {
    const Registers r = Cpuid(0x40000000);
    memcpy(id.hypervisor_vendor, &r.b, 12);
  }
#endif
  return id;
}

}  // namespace copytax
