#include "../copy/crc32c.h"

#include <cstring>
#include <vector>

#include "check.h"

namespace copytax {
namespace {

/// The definition, bit by bit.
uint32_t Reference(uint32_t crc, const char* data, size_t bytes) {
  crc = ~crc;
  for (size_t i = 0; i < bytes; i++) {
    crc ^= static_cast<uint8_t>(data[i]);
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

}  // namespace

void TestCrc32c(Random& random) {
  const char* digits = "123456789";
  CHECK(Crc32c(0, digits, strlen(digits)) == 0xe3069283u);  // the check value of the catalogues
  CHECK(Crc32c(7, digits, 0) == 7);
  std::vector<char> data(1 << 14);
  for (char& byte : data) byte = static_cast<char>(random());
  for (int i = 0; i < 400; i++) {
    const size_t from = Below(random, 64);
    const size_t bytes = Below(random, i % 4 == 0 ? data.size() - from : 300);
    const size_t half = bytes == 0 ? 0 : Below(random, bytes);
    const uint32_t seed = static_cast<uint32_t>(random());
    const uint32_t expected = Reference(seed, &data[from], bytes);
    CHECK(Crc32c(seed, &data[from], bytes) == expected);
    CHECK(Crc32cTable(seed, &data[from], bytes) == expected);
    CHECK(Crc32c(Crc32c(seed, &data[from], half), &data[from + half], bytes - half) == expected);
  }
}

}  // namespace copytax
