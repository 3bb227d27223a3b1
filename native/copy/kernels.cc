#include "kernels.h"

#include <cstdint>
#include <cstring>

#include "../cpuid/cpu_flags.h"

namespace copytax {
namespace {

[[maybe_unused]] constexpr const char* kNotX86 = "needs an x86-64 CPU";
[[maybe_unused]] constexpr const char* kNotArm = "needs an arm64 CPU";

void CopyLibc(char* to, const char* from, size_t bytes) { memcpy(to, from, bytes); }

uint64_t LoadWord(const char* from) {
  uint64_t word;
  memcpy(&word, from, sizeof word);
  return word;
}

void StoreWord(char* to, uint64_t word) { memcpy(to, &word, sizeof word); }

struct Table {
  CopyKernel copy_kernels[kCopyKernelCount];
};

Table MakeTable() {
  const CpuFlags& flags = GetCpuFlags();
#if defined(__x86_64__)
  const CopyFunction avx2 = flags.avx2 ? CopyAvx2 : nullptr;
  const CopyFunction nt_avx2 = flags.avx2 ? CopyNtAvx2 : nullptr;
  const CopyFunction avx512 = flags.avx512f ? CopyAvx512 : nullptr;
  const CopyFunction nt_avx512 = flags.avx512f ? CopyNtAvx512 : nullptr;
  const CopyFunction movsb = CopyMovsb, movsq = CopyMovsq, neon = nullptr, nt_neon = nullptr;
  const char* no_avx2 = flags.avx2 ? "" : "this CPU has no AVX2, or its system does not save it";
  const char* no_avx512 = flags.avx512f ? "" : "this CPU has no AVX-512F, or its system does not save it";
  const char *no_rep = "", *no_neon = kNotArm;
#elif defined(__aarch64__)
  (void)flags;
  const CopyFunction avx2 = nullptr, nt_avx2 = nullptr, avx512 = nullptr, nt_avx512 = nullptr;
  const CopyFunction movsb = nullptr, movsq = nullptr, neon = CopyNeon, nt_neon = CopyNtNeon;
  const char *no_avx2 = kNotX86, *no_avx512 = kNotX86, *no_rep = kNotX86, *no_neon = "";
#else
  (void)flags;
  const CopyFunction avx2 = nullptr, nt_avx2 = nullptr, avx512 = nullptr, nt_avx512 = nullptr;
  const CopyFunction movsb = nullptr, movsq = nullptr, neon = nullptr, nt_neon = nullptr;
  const char *no_avx2 = kNotX86, *no_avx512 = kNotX86, *no_rep = kNotX86, *no_neon = kNotArm;
#endif
  return {{{"libc", CopyLibc, ""},
           {"movsb", movsb, no_rep},
           {"movsq", movsq, no_rep},
           {"avx2", avx2, no_avx2},
           {"avx512", avx512, no_avx512},
           {"nt-avx2", nt_avx2, no_avx2},
           {"nt-avx512", nt_avx512, no_avx512},
           {"portable", CopyPortable, ""},
           {"neon", neon, no_neon},
           {"nt-neon", nt_neon, no_neon}}};
}

}  // namespace

const CopyKernel* CopyKernels() {
  static const Table table = MakeTable();
  return table.copy_kernels;
}

void CopyPortable(char* to, const char* from, size_t bytes) {
  while (bytes >= 32) {
    const uint64_t a = LoadWord(from), b = LoadWord(from + 8), c = LoadWord(from + 16), d = LoadWord(from + 24);
    StoreWord(to, a), StoreWord(to + 8, b), StoreWord(to + 16, c), StoreWord(to + 24, d);
    to += 32, from += 32, bytes -= 32;
    // Without this, the compiler recognises the loop and calls memcpy, which is another copy kernel.
    asm volatile("" : "+r"(to), "+r"(from)::"memory");
  }
  for (; bytes > 0; bytes--) {
    *to++ = *from++;
    asm volatile("" : "+r"(to), "+r"(from)::"memory");
  }
}

}  // namespace copytax
