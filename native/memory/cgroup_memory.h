// How much memory the control groups of this process still allow: in a container, the kernel's own count of available
// memory is that of the whole host, and whoever believes it is killed.
#pragma once

#include <string>

namespace copytax {

/// The least that any group, from that of this process to the root, allows; -1 when none sets a limit, or when the
/// files are not there. `root` goes before every path.
long long CgroupAvailableBytes(const std::string& root = "");

}  // namespace copytax
