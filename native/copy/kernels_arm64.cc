// Copy kernels for arm64. Pairs of vector registers; the non-temporal pair is a hint that a CPU may ignore.
#if defined(__aarch64__)

#include <cstring>

#include "kernels.h"

namespace copytax {

void CopyNeon(char* to, const char* from, size_t bytes) {
  for (; bytes >= 64; bytes -= 64) {
    asm volatile(
        "ldp q0, q1, [%1], #32\n\t"
        "ldp q2, q3, [%1], #32\n\t"
        "stp q0, q1, [%0], #32\n\t"
        "stp q2, q3, [%0], #32"
        : "+r"(to), "+r"(from)::"v0", "v1", "v2", "v3", "memory");
  }
  memcpy(to, from, bytes);
}

void CopyNtNeon(char* to, const char* from, size_t bytes) {
  for (; bytes >= 64; to += 64, from += 64, bytes -= 64) {
    asm volatile(
        "ldnp q0, q1, [%1]\n\t"
        "ldnp q2, q3, [%1, #32]\n\t"
        "stnp q0, q1, [%0]\n\t"
        "stnp q2, q3, [%0, #32]" ::"r"(to),
        "r"(from)
        : "v0", "v1", "v2", "v3", "memory");
  }
  memcpy(to, from, bytes);
  asm volatile("dmb ishst" ::: "memory");
}

}  // namespace copytax

#endif
