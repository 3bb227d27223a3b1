#include "numa.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace copytax {
namespace {

constexpr int kMaxNodes = 1024;
constexpr int kBitsPerWord = 8 * sizeof(unsigned long);
// Values of linux/mempolicy.h, which not every C library ships.
constexpr int kPolicyPreferred = 1;
constexpr unsigned long kFlagNode = 1;
constexpr unsigned long kFlagAddress = 2;

}  // namespace

int PreferNode(void* base, size_t bytes, int node) {
  if (node < 0 || node >= kMaxNodes) return EINVAL;
  unsigned long mask[kMaxNodes / kBitsPerWord] = {};
  mask[node / kBitsPerWord] = 1ul << (node % kBitsPerWord);
  const long result = syscall(SYS_mbind, base, bytes, kPolicyPreferred, mask, kMaxNodes + 1, 0);
  return result == 0 ? 0 : errno;
}

int NodeOf(void* address) {
  int node = -1;
  const long result = syscall(SYS_get_mempolicy, &node, nullptr, 0, address, kFlagNode | kFlagAddress);
  return result == 0 ? node : -1;
}

}  // namespace copytax
