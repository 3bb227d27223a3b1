// Evicts memory from the caches, so that the next access has to go to memory.
#pragma once

#include <cstddef>

namespace copytax {

/// Writes back and evicts every cache line of the range, on all CPUs, and waits for that. Returns false where
/// the architecture has no such instruction for programs.
bool FlushRange(const char* data, size_t bytes);

}  // namespace copytax
