#include "proc_memory.h"

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "cgroup_memory.h"

namespace copytax {
namespace {

/// The value of one line of /proc/meminfo, bytes; -1 when it is not there.
long long Meminfo(const char* key) {
  FILE* file = fopen("/proc/meminfo", "re");
  if (file == nullptr) return -1;
  char line[256];
  long long kilobytes = -1;
  const size_t length = strlen(key);
  while (kilobytes < 0 && fgets(line, sizeof line, file) != nullptr) {
    if (strncmp(line, key, length) == 0 && sscanf(line + length, ": %lld", &kilobytes) != 1) break;
  }
  fclose(file);
  return kilobytes < 0 ? -1 : kilobytes * 1024;
}

}  // namespace

long long AvailableBytes() {
  const long long host = Meminfo("MemAvailable");
  const long long groups = CgroupAvailableBytes();
  if (host < 0 || groups < 0) return std::max(host, groups);
  return std::min(host, groups);
}

size_t HugetlbPageBytes() {
  const long long bytes = Meminfo("Hugepagesize");
  const bool power_of_two = bytes > 0 && (bytes & (bytes - 1)) == 0;
  return power_of_two ? static_cast<size_t>(bytes) : 0;
}

long long HugeBytesIn(const void* base, size_t bytes) {
  FILE* file = fopen("/proc/self/smaps", "re");
  if (file == nullptr) return -1;
  const uintptr_t begin = reinterpret_cast<uintptr_t>(base);
  char line[512];
  bool inside = false;
  bool seen = false;
  long long total = 0;
  while (fgets(line, sizeof line, file) != nullptr) {
    uintptr_t from, to;
    long long kilobytes;
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2) {
      inside = from < begin + bytes && to > begin;
      seen = seen || inside;
    } else if (inside && (sscanf(line, "AnonHugePages: %lld", &kilobytes) == 1 ||
                          sscanf(line, "Private_Hugetlb: %lld", &kilobytes) == 1)) {
      total += kilobytes * 1024;
    }
  }
  fclose(file);
  return seen ? total : -1;
}

}  // namespace copytax
