// Putting memory out of the caches, so that the next access pays for the memory.
#pragma once

#include <cstddef>

namespace copytax {

/// Writes back and evicts every cache line of the range, on all CPUs, and waits for it. False where the architecture
/// gives a program no such instruction.
bool FlushRange(const char* data, size_t bytes);

}  // namespace copytax
