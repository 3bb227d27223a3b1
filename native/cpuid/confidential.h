// What an x86 CPU says of memory encryption. Leaves and bits: AMD's Architecture Programmer's Manual, volume 3,
// appendix E (0x8000001F); Intel's Architecture Specification of the TDX module (0x21); Microsoft's Hypervisor Top
// Level Functional Specification (0x4000000C).
#pragma once

#include <cstdint>

#include "cpu_flags.h"

namespace copytax {

struct Confidential {
  // Offered to Linux on this CPU. Whether Linux uses it is in a register that only Linux may read.
  bool sme = false;
  bool sev = false;
  bool sev_es = false;
  bool sev_snp = false;
  bool tdx_guest = false;
  int hyper_v_isolation = -1;  // 0 none, 1 VBS, 2 SEV-SNP, 3 TDX; -1: not under Hyper-V
};

/// `hypervisor`: whether the CPU says that there is one; its leaves mean nothing otherwise. Any thread.
Confidential ReadConfidential(CpuidRegisters (*cpuid)(uint32_t leaf, uint32_t subleaf), bool hypervisor);

}  // namespace copytax
