#include "cache_flush.h"

#include <cstdint>

#include "../cpuid/cpu_flags.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace copytax {
namespace {

#if defined(__x86_64__)

constexpr size_t kLine = 64;

__attribute__((target("clflushopt"))) void FlushLinesUnordered(const char* line, const char* end) {
  for (; line < end; line += kLine) _mm_clflushopt(const_cast<char*>(line));
}

void FlushLines(const char* line, const char* end) {
  for (; line < end; line += kLine) _mm_clflush(line);
}

#elif defined(__aarch64__)

/// Size of the smallest data cache line of the system.
size_t LineBytes() {
  uint64_t type;
  asm("mrs %0, ctr_el0" : "=r"(type));
  return size_t{4} << (type >> 16 & 15);
}

#endif

}  // namespace

bool FlushRange(const char* data, size_t bytes) {
  if (bytes == 0) return true;
  const char* end = data + bytes;
#if defined(__x86_64__)
  const char* line = data - (reinterpret_cast<uintptr_t>(data) & (kLine - 1));
  if (GetCpuFlags().clflushopt) {
    FlushLinesUnordered(line, end);
  } else {
    FlushLines(line, end);
  }
  _mm_mfence();
  return true;
#elif defined(__aarch64__)
  const size_t step = LineBytes();
  const char* line = data - (reinterpret_cast<uintptr_t>(data) & (step - 1));
  for (; line < end; line += step) asm volatile("dc civac, %0" ::"r"(line) : "memory");
  asm volatile("dsb ish" ::: "memory");
  return true;
#else
  (void)end;
  return false;
#endif
}

}  // namespace copytax
