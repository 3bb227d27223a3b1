// How much memory the control groups of this process still allow. In a container, Linux's own count of available memory
// is that of the whole host, and a process that relies on it is killed.
#pragma once

#include <string>

namespace copytax {

/// The smallest amount that a group allows, from that of this process to the root, bytes; -1 when no group sets a
/// limit, or when the files are not there. `root` is put before every path.
long long CgroupAvailableBytes(const std::string& root = "");

}  // namespace copytax
