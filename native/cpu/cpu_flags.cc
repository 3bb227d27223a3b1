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

#if defined(__x86_64__)

struct Registers {
  uint32_t a = 0, b = 0, c = 0, d = 0;
};

Registers Cpuid(uint32_t leaf, uint32_t subleaf = 0) {
  Registers r;
  if (!__get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d)) return {};
  return r;
}

bool Bit(uint32_t value, int bit) { return (value >> bit & 1) != 0; }

CpuFlags Detect() {
  const Registers basic = Cpuid(1);
  const Registers extended = Cpuid(7);
  const Registers power = Cpuid(0x80000007);
  CpuFlags flags;
  flags.erms = Bit(extended.b, 9);
  flags.fsrm = Bit(extended.d, 4);
  // The compiler's test also asks whether the operating system saves the wide registers.
  flags.avx2 = __builtin_cpu_supports("avx2");
  flags.avx512f = __builtin_cpu_supports("avx512f");
  flags.sse42 = Bit(basic.c, 20);
  flags.clflushopt = Bit(extended.b, 23);
  flags.clwb = Bit(extended.b, 24);
  flags.movdir64b = Bit(extended.c, 28);
  flags.invariant_tsc = Bit(power.d, 8);
  flags.hypervisor = Bit(basic.c, 31);
  return flags;
}

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
    // Outside the range that __get_cpuid_count allows.
    Registers r;
    __cpuid(0x40000000, r.a, r.b, r.c, r.d);
    memcpy(id.hypervisor_vendor, &r.b, 12);
  }
#endif
  return id;
}

}  // namespace copytax
