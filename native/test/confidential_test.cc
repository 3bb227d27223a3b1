#include "../cpuid/confidential.h"

#include <cstring>
#include <map>

#include "check.h"

namespace copytax {

namespace {

std::map<uint32_t, CpuidRegisters> leaves;

CpuidRegisters Answer(uint32_t leaf, uint32_t) { return leaves[leaf]; }

uint32_t Letters(const char* four) {
  uint32_t value;
  memcpy(&value, four, sizeof value);
  return value;
}

}  // namespace

void TestConfidential(Random&) {
  leaves.clear();
  Confidential found = ReadConfidential(Answer, true);
  CHECK(!found.sme && !found.sev && !found.tdx_guest && found.hyper_v_isolation == -1);

  leaves[0x8000001F].a = 0b11011;
  found = ReadConfidential(Answer, false);
  CHECK(found.sme && found.sev && found.sev_es && found.sev_snp);
  leaves[0x8000001F].a = 0b00110;  // bit 2 is the page flush register
  found = ReadConfidential(Answer, false);
  CHECK(!found.sme && found.sev && !found.sev_es && !found.sev_snp);

  leaves[0x21] = {0, Letters("Inte"), Letters("    "), Letters("lTDX")};
  CHECK(ReadConfidential(Answer, true).tdx_guest);
  CHECK(!ReadConfidential(Answer, false).tdx_guest);

  leaves[0x40000000] = {0x4000000C, Letters("Micr"), Letters("osof"), Letters("t Hv")};
  leaves[0x4000000C].b = 0x32;                                   // above the kind are other fields
  CHECK(ReadConfidential(Answer, true).hyper_v_isolation == 0);  // this partition has no privilege for the leaf
  leaves[0x40000003].b = 1u << 22;
  CHECK(ReadConfidential(Answer, true).hyper_v_isolation == 2);
  CHECK(ReadConfidential(Answer, false).hyper_v_isolation == -1);
  leaves[0x4000000C].b = 0xF8;  // a kind with the highest of its four bits
  CHECK(ReadConfidential(Answer, true).hyper_v_isolation == 8);
  leaves[0x40000000].a = 0x4000000B;
  CHECK(ReadConfidential(Answer, true).hyper_v_isolation == 0);
  leaves[0x40000000].b = Letters("KVMK");
  CHECK(ReadConfidential(Answer, true).hyper_v_isolation == -1);
}

}  // namespace copytax
