// On which node memory lies, by Linux's own system calls (libnuma would be a dependency for two of them).
#pragma once

#include <cstddef>

namespace copytax {

/// Prefers a node for pages not yet faulted in. Preferred, not bound: a full node must not kill the process.
/// Returns 0 or an errno.
int PreferNode(void* base, size_t bytes, int node);

/// Node of the page at `address`, -1 when Linux does not say.
int NodeOf(void* address);

}  // namespace copytax
