#include "cgroup_memory.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace copytax {
namespace {

/// The names that a version of the interface has for the same things.
struct Version {
  const char* mount;
  const char* limit;
  const char* usage;
  const char* prefix;  // of names in memory.stat that count the groups below, too
};
constexpr Version kOne = {"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"};
constexpr Version kTwo = {"/sys/fs/cgroup", "memory.max", "memory.current", ""};
/// From this number on a limit is none: version 1 has no word for "no limit", only a number beyond any memory.
constexpr long long kNoLimit = 1ll << 60;

/// The number at the beginning of a file; -1 when the file is not there or holds a word.
long long ReadNumber(const std::string& path) {
  FILE* file = fopen(path.c_str(), "re");
  if (file == nullptr) return -1;
  long long value;
  if (fscanf(file, "%lld", &value) != 1) value = -1;
  fclose(file);
  return value;
}

/// Bytes of cached files: they count as used, and Linux gives them up before it kills a process.
long long ReclaimableBytes(const std::string& path, const std::string& prefix) {
  FILE* file = fopen(path.c_str(), "re");
  if (file == nullptr) return 0;
  char name[64];
  long long value, sum = 0;
  while (fscanf(file, "%63s %lld", name, &value) == 2) {
    if (name == prefix + "inactive_file" || name == prefix + "active_file") sum += value;
  }
  fclose(file);
  return sum;
}

/// What one group still allows, bytes; -1 when it sets no limit.
long long AvailableIn(const std::string& group, const Version& version) {
  const long long limit = ReadNumber(group + "/" + version.limit);
  const long long usage = ReadNumber(group + "/" + version.usage);
  if (limit < 0 || usage < 0 || limit >= kNoLimit) return -1;
  return std::max(0ll, limit - usage + ReclaimableBytes(group + "/memory.stat", version.prefix));
}

/// The smallest amount along the path from a group to the root of its tree. A path from outside a container's own view
/// of the tree names nothing here, and then the root sets the limit.
long long SmallestAlong(const std::string& root, std::string path, const Version& version) {
  long long smallest = -1;
  for (;;) {
    const long long available = AvailableIn(root + version.mount + path, version);
    if (available >= 0) smallest = smallest < 0 ? available : std::min(smallest, available);
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return smallest;
    path.resize(slash);
  }
}

}  // namespace

long long CgroupAvailableBytes(const std::string& root) {
  FILE* file = fopen((root + "/proc/self/cgroup").c_str(), "re");
  if (file == nullptr) return -1;
  char line[4096];
  long long smallest = -1;
  while (fgets(line, sizeof line, file) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    const char* path = strrchr(line, ':');
    if (path == nullptr) continue;
    const bool two = strncmp(line, "0::", 3) == 0;
    if (!two && strstr(line, ":memory:") == nullptr) continue;
    const long long available = SmallestAlong(root, path + 1, two ? kTwo : kOne);
    if (available >= 0) smallest = smallest < 0 ? available : std::min(smallest, available);
  }
  fclose(file);
  return smallest;
}

}  // namespace copytax
