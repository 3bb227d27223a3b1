// CRC-32C (Castagnoli), the checksum with an instruction of its own on both architectures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace copytax {

/// Continues `crc`, 0 to begin; Crc32c(Crc32c(0, a), b) is the checksum of a followed by b.
uint32_t Crc32c(uint32_t crc, const char* data, size_t bytes);

/// The same without special instructions: for CPUs that have none, and for the test of the fast version.
uint32_t Crc32cTable(uint32_t crc, const char* data, size_t bytes);

}  // namespace copytax
