// What this CPU can do, as the CPU itself reports it. Flags of the other architecture are false.
#pragma once

namespace copytax {

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

/// Detected once per process. Any thread.
const CpuFlags& GetCpuFlags();
CpuIdentity ReadCpuIdentity();

}  // namespace copytax
