#include "../memory/mapping.h"

#include <cerrno>
#include <set>

#include "check.h"

namespace copytax {
namespace {

std::shared_ptr<Mapping> Map(size_t bytes, size_t align, HugePages huge = HugePages::kNever, Lock lock = Lock::kNo) {
  Refusal refusal;
  return Mapping::Create({bytes, align, lock, huge, -1}, &refusal);
}

void TestEveryPageDiffers() {
  const std::shared_ptr<Mapping> mapping = Map(1 << 20, 64);
  std::set<uint64_t> seen;
  for (size_t at = 0; at < mapping->bytes(); at += 4096) {
    const uint64_t word = *reinterpret_cast<uint64_t*>(mapping->base() + at);
    CHECK(word != 0);
    CHECK(seen.insert(word).second);
  }
}

/// A page that was never written reads as zeros, and becomes a page of its own when it is written.
void TestUnpopulated() {
  Refusal refusal;
  for (const Lock lock : {Lock::kNo, Lock::kTry}) {
    const std::shared_ptr<Mapping> mapping =
        Mapping::Create({1 << 20, 4096, lock, HugePages::kNever, -1, false}, &refusal);
    CHECK(mapping != nullptr);
    for (size_t at = 0; at < mapping->bytes(); at += 4096) CHECK(mapping->base()[at] == 0);
    mapping->base()[8192] = 1;
    CHECK(mapping->base()[8192] == 1 && mapping->base()[4096] == 0);
  }
}

void TestRefusals() {
  Refusal refusal;
  CHECK(Mapping::Create({size_t{1} << 46, 4096, Lock::kNo, HugePages::kNever, -1}, &refusal) == nullptr);
  CHECK(refusal.error == ENOMEM && refusal.call != nullptr && refusal.available_bytes > 0);
  refusal = {};
  CHECK(Mapping::Create({4096, 4096, Lock::kNo, HugePages::kNever, 1000}, &refusal) == nullptr);
  CHECK(refusal.error != 0);
}

}  // namespace

void TestMapping(Random& random) {
  for (size_t align = 64; align <= size_t{1} << 30; align *= 2) {
    const size_t bytes = 1 + Below(random, 3 << 20);
    for (const HugePages huge : {HugePages::kNever, HugePages::kThp, HugePages::kHugetlb}) {
      const std::shared_ptr<Mapping> mapping = Map(bytes, align, huge);
      CHECK(mapping != nullptr);
      CHECK(reinterpret_cast<uintptr_t>(mapping->base()) % align == 0);
      CHECK(mapping->bytes() >= bytes && mapping->bytes() < bytes + 65536);
      mapping->base()[0] = mapping->base()[mapping->bytes() - 1] = 1;
      CHECK(mapping->huge_pages() == huge || mapping->huge_pages_error() != 0);
    }
  }
  TestEveryPageDiffers();
  TestUnpopulated();
  TestRefusals();
  const std::shared_ptr<Mapping> tried = Map(1 << 20, 4096, HugePages::kNever, Lock::kTry);
  CHECK(tried->locked() == (tried->lock_error() == 0));
  // Addresses that are kept read as zeros afterwards, and can be written.
  std::shared_ptr<Mapping> kept = Map(1 << 20, 4096);
  volatile char* base = kept->base();
  kept->KeepAddresses();
  kept.reset();
  CHECK(base[0] == 0 && base[(1 << 20) - 1] == 0);
  base[4096] = 1;
}

}  // namespace copytax
