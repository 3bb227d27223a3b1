#include "confidential.h"

#include <cstring>

namespace copytax {

namespace {

constexpr uint32_t kTdx = 0x21;
constexpr uint32_t kHypervisor = 0x40000000;
constexpr uint32_t kHyperVFeatures = 0x40000003;
constexpr uint32_t kHyperVIsolation = 0x4000000C;
constexpr uint32_t kAmdEncryption = 0x8000001F;

bool Bit(uint32_t value, int bit) { return (value >> bit & 1) != 0; }

bool Says(const char* name, uint32_t first, uint32_t second, uint32_t third) {
  const uint32_t letters[] = {first, second, third};
  return memcmp(name, letters, sizeof letters) == 0;
}

}  // namespace

Confidential ReadConfidential(CpuidRegisters (*cpuid)(uint32_t leaf, uint32_t subleaf), bool hypervisor) {
  Confidential found;
  const CpuidRegisters amd = cpuid(kAmdEncryption, 0);
  found.sme = Bit(amd.a, 0);
  found.sev = Bit(amd.a, 1);
  found.sev_es = Bit(amd.a, 3);
  found.sev_snp = Bit(amd.a, 4);
  if (!hypervisor) return found;
  const CpuidRegisters tdx = cpuid(kTdx, 0);
  found.tdx_guest = Says("IntelTDX    ", tdx.b, tdx.d, tdx.c);
  const CpuidRegisters base = cpuid(kHypervisor, 0);
  if (!Says("Microsoft Hv", base.b, base.c, base.d)) return found;
  const bool isolates = base.a >= kHyperVIsolation && Bit(cpuid(kHyperVFeatures, 0).b, 22);
  found.hyper_v_isolation = isolates ? static_cast<int>(cpuid(kHyperVIsolation, 0).b & 15) : 0;
  return found;
}

}  // namespace copytax
