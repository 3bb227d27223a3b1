// Copy kernels for x86-64. Each wide one is compiled for its own instruction set and called only where that exists.
#if defined(__x86_64__)

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "kernels.h"

namespace copytax {
namespace {

/// Bytes from `to` up to the next multiple of `width`, at most `bytes`.
size_t HeadBytes(const char* to, size_t width, size_t bytes) {
  const size_t head = -reinterpret_cast<uintptr_t>(to) & (width - 1);
  return head < bytes ? head : bytes;
}

// The four wide copy kernels have one shape: bring the destination to a vector boundary (a store across two lines costs
// twice), then four vectors a turn, the remainder by the C library.
//
// Non-temporal stores are not ordered with ordinary ones: without the fence, a device that is told of the data by an
// ordinary store may read memory that has not been written yet.

template <bool non_temporal>
__attribute__((target("avx2"))) inline void Store256(__m256i* out, __m256i vector) {
  if constexpr (non_temporal) {
    _mm256_stream_si256(out, vector);
  } else {
    _mm256_store_si256(out, vector);
  }
}

template <bool non_temporal>
__attribute__((target("avx2"))) void Copy256(char* to, const char* from, size_t bytes) {
  const size_t head = HeadBytes(to, 32, bytes);
  memcpy(to, from, head);
  to += head, from += head, bytes -= head;
  for (; bytes >= 128; to += 128, from += 128, bytes -= 128) {
    const __m256i* in = reinterpret_cast<const __m256i*>(from);
    __m256i* out = reinterpret_cast<__m256i*>(to);
    const __m256i a = _mm256_loadu_si256(in), b = _mm256_loadu_si256(in + 1);
    const __m256i c = _mm256_loadu_si256(in + 2), d = _mm256_loadu_si256(in + 3);
    Store256<non_temporal>(out, a), Store256<non_temporal>(out + 1, b);
    Store256<non_temporal>(out + 2, c), Store256<non_temporal>(out + 3, d);
  }
  memcpy(to, from, bytes);
  if constexpr (non_temporal) _mm_sfence();
}

template <bool non_temporal>
__attribute__((target("avx512f"))) inline void Store512(char* to, __m512i vector) {
  if constexpr (non_temporal) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), vector);
  } else {
    _mm512_store_si512(to, vector);
  }
}

template <bool non_temporal>
__attribute__((target("avx512f"))) void Copy512(char* to, const char* from, size_t bytes) {
  const size_t head = HeadBytes(to, 64, bytes);
  memcpy(to, from, head);
  to += head, from += head, bytes -= head;
  for (; bytes >= 256; to += 256, from += 256, bytes -= 256) {
    const __m512i a = _mm512_loadu_si512(from), b = _mm512_loadu_si512(from + 64);
    const __m512i c = _mm512_loadu_si512(from + 128), d = _mm512_loadu_si512(from + 192);
    Store512<non_temporal>(to, a), Store512<non_temporal>(to + 64, b);
    Store512<non_temporal>(to + 128, c), Store512<non_temporal>(to + 192, d);
  }
  memcpy(to, from, bytes);
  if constexpr (non_temporal) _mm_sfence();
}

}  // namespace

void CopyMovsb(char* to, const char* from, size_t bytes) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes)::"memory");
}

void CopyMovsq(char* to, const char* from, size_t bytes) {
  size_t words = bytes / 8;
  size_t rest = bytes % 8;
  asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words)::"memory");
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(rest)::"memory");
}

__attribute__((target("avx2"))) void CopyAvx2(char* to, const char* from, size_t bytes) {
  Copy256<false>(to, from, bytes);
}

__attribute__((target("avx512f"))) void CopyAvx512(char* to, const char* from, size_t bytes) {
  Copy512<false>(to, from, bytes);
}

__attribute__((target("avx2"))) void CopyNtAvx2(char* to, const char* from, size_t bytes) {
  Copy256<true>(to, from, bytes);
}

__attribute__((target("avx512f"))) void CopyNtAvx512(char* to, const char* from, size_t bytes) {
  Copy512<true>(to, from, bytes);
}

}  // namespace copytax

#endif
