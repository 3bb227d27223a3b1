// What /proc says about memory. Each function may return "unknown": /proc may be hidden.
#pragma once

#include <cstddef>

namespace copytax {

/// Bytes that this process can use before Linux has to kill a process, -1 when unknown.
long long AvailableBytes();

/// Size of the default hugetlb page, 0 when there are none.
size_t HugetlbPageBytes();

/// Bytes of [base, base + bytes) that huge pages back, -1 when unknown.
long long HugeBytesIn(const void* base, size_t bytes);

}  // namespace copytax
