// What this CPU can do, as the CPU itself reports it. Flags of the other architecture are false.
#pragma once

#include <cstdint>

namespace copytax {

/// What the instruction CPUID returns; zeros for a leaf that the CPU does not have, and on other architectures.
struct CpuidRegisters {
  uint32_t a = 0, b = 0, c = 0, d = 0;
};
/// Leaves of a hypervisor, from 0x40000000 on, are asked as they are: the caller knows how many there are.
CpuidRegisters ReadCpuid(uint32_t leaf, uint32_t subleaf);

struct CpuFlags {
  bool erms = false;  // fast rep movsb
  bool fsrm = false;  // fast for short copies, too
  bool avx2 = false;
  bool avx512f = false;
  bool sse42 = false;
  bool clflushopt = false;
  bool clwb = false;
  bool movdir64b = false;
  bool invariant_tsc = false;
  bool hypervisor = false;
  bool neon = false;
  bool arm_crc32 = false;
};

/// One field per name, in the order in which they are shown.
struct CpuFlagName {
  const char* name;
  bool CpuFlags::* flag;
};
extern const CpuFlagName kCpuFlagNames[];
extern const int kCpuFlagCount;

struct CpuIdentity {
  char vendor[13] = "";
  char model[49] = "";
  int family = -1;
  int number = -1;  // what the vendor calls "model"
  int stepping = -1;
  char hypervisor_vendor[13] = "";
};

/// What an x86 CPU says. A flag for wide registers also needs an operating system that saves them: `xcr0` returns the
/// register of that name, and is only called where the CPU says that it can be read. Not the compiler's
/// __builtin_cpu_supports, which takes symbols of the compiler's runtime, hidden ones in some. Leaves and bits: Intel's
/// Software Developer's Manual, volume 2A, CPUID, and volume 1, "Detection of AVX" and "of AVX-512". Any thread.
CpuFlags ReadX86Flags(CpuidRegisters (*cpuid)(uint32_t leaf, uint32_t subleaf), uint64_t (*xcr0)());

/// Detected once per process. Any thread.
const CpuFlags& GetCpuFlags();
CpuIdentity ReadCpuIdentity();

}  // namespace copytax
