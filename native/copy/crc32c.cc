#include "crc32c.h"

#include <cstring>

#include "../cpuid/cpu_flags.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#if defined(__clang__)  // For Clang SSE 4.2 does not include it; for GCC before 11 it has no name of its own.
#define COPYTAX_CRC_TARGET __attribute__((target("sse4.2,crc32")))
#else
#define COPYTAX_CRC_TARGET __attribute__((target("sse4.2")))
#endif
#elif defined(__aarch64__)
#include <arm_acle.h>
#define COPYTAX_CRC_TARGET __attribute__((target("+crc")))
#endif

namespace copytax {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // reflected

struct ByteTable {
  uint32_t entry[256];
};

ByteTable MakeByteTable() {
  ByteTable table;
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? kPolynomial : 0);
    table.entry[i] = crc;
  }
  return table;
}

#ifdef COPYTAX_CRC_TARGET

/// Three streams in flight hide the three cycles that the instruction takes.
constexpr size_t kStream = 1024;

/// What a checksum becomes when kStream zero bytes follow, by byte of the checksum: it joins the three streams.
struct ShiftTable {
  uint32_t entry[4][256];
};

ShiftTable MakeShiftTable() {
  static const char zeros[kStream] = {};
  ShiftTable table;
  for (int byte = 0; byte < 4; byte++) {
    for (uint32_t i = 0; i < 256; i++) {
      // Inverted on the way in and out, because Crc32cTable inverts both.
      table.entry[byte][i] = ~Crc32cTable(~(i << (8 * byte)), zeros, kStream);
    }
  }
  return table;
}

uint32_t Shift(const ShiftTable& table, uint32_t crc) {
  return table.entry[0][crc & 255] ^ table.entry[1][crc >> 8 & 255] ^ table.entry[2][crc >> 16 & 255] ^
         table.entry[3][crc >> 24];
}

COPYTAX_CRC_TARGET inline uint64_t Step8(uint64_t crc, const char* data) {
  uint64_t word;
  memcpy(&word, data, sizeof word);
#if defined(__x86_64__)
  return _mm_crc32_u64(crc, word);
#else
  return __crc32cd(static_cast<uint32_t>(crc), word);
#endif
}

COPYTAX_CRC_TARGET inline uint32_t Step1(uint32_t crc, char byte) {
#if defined(__x86_64__)
  return _mm_crc32_u8(crc, static_cast<uint8_t>(byte));
#else
  return __crc32cb(crc, static_cast<uint8_t>(byte));
#endif
}

COPYTAX_CRC_TARGET uint32_t Crc32cHardware(uint32_t crc, const char* data, size_t bytes) {
  static const ShiftTable shift = MakeShiftTable();
  uint64_t a = ~crc;
  for (; bytes >= 3 * kStream; data += 3 * kStream, bytes -= 3 * kStream) {
    uint64_t b = 0, c = 0;
    for (size_t i = 0; i < kStream; i += 8) {
      a = Step8(a, data + i);
      b = Step8(b, data + kStream + i);
      c = Step8(c, data + 2 * kStream + i);
    }
    a = Shift(shift, static_cast<uint32_t>(a)) ^ b;
    a = Shift(shift, static_cast<uint32_t>(a)) ^ c;
  }
  for (; bytes >= 8; data += 8, bytes -= 8) a = Step8(a, data);
  uint32_t last = static_cast<uint32_t>(a);
  for (; bytes > 0; bytes--) last = Step1(last, *data++);
  return ~last;
}

#endif

}  // namespace

uint32_t Crc32cTable(uint32_t crc, const char* data, size_t bytes) {
  static const ByteTable table = MakeByteTable();
  crc = ~crc;
  for (size_t i = 0; i < bytes; i++) crc = (crc >> 8) ^ table.entry[(crc ^ static_cast<uint8_t>(data[i])) & 255];
  return ~crc;
}

uint32_t Crc32c(uint32_t crc, const char* data, size_t bytes) {
#if defined(__x86_64__)
  if (GetCpuFlags().sse42) return Crc32cHardware(crc, data, bytes);
#elif defined(__aarch64__)
  if (GetCpuFlags().arm_crc32) return Crc32cHardware(crc, data, bytes);
#endif
  return Crc32cTable(crc, data, bytes);
}

}  // namespace copytax
