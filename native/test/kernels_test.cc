#include "../copy/kernels.h"

#include <cstring>
#include <memory>
#include <vector>

#include "../copy/cache_flush.h"
#include "check.h"

namespace copytax {
namespace {

constexpr size_t kMargin = 128;
constexpr char kCanary = 0x5a;

/// Copies between random alignments and checks every byte, also those around the destination.
void TestOne(const CopyKernel& copy_kernel, size_t bytes, Random& random) {
  const size_t from_at = Below(random, kMargin), to_at = Below(random, kMargin);
  // Exactly as long as the copy needs, so that the address sanitizer sees a read beyond the end; an array, because an
  // empty vector has no address and a copy wants one.
  const std::unique_ptr<char[]> from(new char[from_at + bytes]);
  for (size_t i = 0; i < from_at + bytes; i++) from[i] = static_cast<char>(random());
  std::vector<char> to(to_at + bytes + kMargin, kCanary);
  std::vector<char> expected = to;
  if (bytes > 0) memcpy(&expected[to_at], &from[from_at], bytes);
  copy_kernel.copy(to.data() + to_at, from.get() + from_at, bytes);
  CHECK(to == expected);
}

}  // namespace

void TestCopyKernels(Random& random) {
  const CopyKernel* all = CopyKernels();
  CHECK(CopyKernelAt(all, -1) == nullptr);
  CHECK(CopyKernelAt(all, kCopyKernelCount) == nullptr);
  CHECK(CopyKernelAt(all, INT32_MIN) == nullptr);
  int supported = 0;
  for (int i = 0; i < kCopyKernelCount; i++) {
    CHECK((CopyKernelAt(all, i) == nullptr) == (all[i].reason[0] != '\0'));
    if (all[i].copy == nullptr) continue;
    supported++;
    for (size_t bytes = 0; bytes <= 300; bytes++) TestOne(all[i], bytes, random);
    for (int j = 0; j < 20; j++) TestOne(all[i], Below(random, 100000), random);
  }
  CHECK(supported >= 2);  // that of the C library and the portable one
  std::vector<char> data(10000, 1);
  for (int i = 0; i < 50; i++) {
    const size_t from = Below(random, data.size());
    FlushRange(&data[from], Below(random, data.size() - from));
  }
  FlushRange(nullptr, 0);
}

}  // namespace copytax
