#include "../memory/mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

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

/// The contents do not depend on the slices: each of 8 bytes is the next multiple of one step.
void TestPopulatedInSlices() {
  Refusal refusal;
  MappingOptions options = {1 << 20, 4096, Lock::kTry, HugePages::kNever, -1, false, true};
  const std::shared_ptr<Mapping> mapping = Mapping::Create(options, &refusal);
  CHECK(mapping != nullptr);
  uint64_t* words = reinterpret_cast<uint64_t*>(mapping->base());
  const size_t count = mapping->bytes() / sizeof *words;
  CHECK(words[0] == 0 && words[count - 1] == 0);
  constexpr size_t kSlice = 3 << 16;
  for (size_t at = 0; at < mapping->bytes(); at += kSlice) mapping->WritePages(at, kSlice);
  const uint64_t step = words[1] - words[0];
  for (size_t i = 1; i < count; i++) CHECK(words[i] - words[i - 1] == step);
  CHECK(*reinterpret_cast<uint64_t*>(Map(4096, 64)->base()) != words[0]);
}

void TestRefusals() {
  Refusal refusal;
  CHECK(Mapping::Create({size_t{1} << 46, 4096, Lock::kNo, HugePages::kNever, -1}, &refusal) == nullptr);
  CHECK(refusal.error == ENOMEM && refusal.call != nullptr && refusal.available_bytes > 0);
  refusal = {};
  CHECK(Mapping::Create({4096, 4096, Lock::kNo, HugePages::kNever, 1000}, &refusal) == nullptr);
  CHECK(refusal.error != 0);
}

[[maybe_unused]] int MappingsOfProcess() {
  std::ifstream maps("/proc/self/maps");
  return static_cast<int>(std::count(std::istreambuf_iterator<char>(maps), {}, '\n'));
}

bool IsMapped(void* address) {
  unsigned char vector;
  return mincore(address, 4096, &vector) == 0;
}

/// Memory that is given back reads as zeros and can be written as long as its addresses have an owner.
void TestAddressesOutliveMemory() {
  for (const HugePages huge : {HugePages::kNever, HugePages::kThp, HugePages::kHugetlb}) {
    std::shared_ptr<Mapping> mapping = Map(4 << 20, 4096, huge, Lock::kTry);
    std::shared_ptr<Addresses> addresses = mapping->addresses();
    volatile char* base = mapping->base();
    mapping.reset();
    for (size_t at = 0; at < size_t{4} << 20; at += 4096) CHECK(base[at] == 0);
    base[4096] = 1;
    const std::shared_ptr<Mapping> next = Map(4 << 20, 4096, huge);
    CHECK(next->base() + next->bytes() <= base || next->base() >= base + (4 << 20));
    CHECK(base[4096] == 1);
    addresses.reset();
    CHECK(!IsMapped(const_cast<char*>(base)));
  }
  std::shared_ptr<Mapping> forever = Map(1 << 20, 4096);
  volatile char* base = forever->base();
  forever->addresses()->KeepForever();
  forever.reset();
  CHECK(base[0] == 0 && base[(1 << 20) - 1] == 0);
  base[4096] = 1;
}

/// Linux allows 65,530 mappings in a process.
[[maybe_unused]] void TestEmptyAddressesAreOneMapping() {
  for (const size_t bytes : {size_t{4096}, size_t{1} << 16, size_t{2} << 20, size_t{3} << 20}) {
    std::vector<std::shared_ptr<Addresses>> owned;
    const int before = MappingsOfProcess();
    for (int i = 0; i < 500; i++) {
      Refusal refusal;
      const auto mapping = Mapping::Create({bytes, 4096, Lock::kNo, HugePages::kThp, -1, false}, &refusal);
      owned.push_back(mapping->addresses());
    }
    CHECK(MappingsOfProcess() < before + 20);
  }
}

/// The thread sanitizer takes mmap for a store to each byte. Linux replaces a page in one step.
__attribute__((no_sanitize("thread"))) bool IsSevenOrZero(const volatile char* at) {
  const char value = *at;
  return value == 7 || value == 0;
}

/// One thread gives memory back while others use its addresses and let go of them: each finds what was there, or zeros.
void TestMemoryAndAddressesGoAtOnce() {
  constexpr int kUsers = 3;
  for (int i = 0; i < 300; i++) {
    std::shared_ptr<Mapping> mapping = Map(8192, 4096);
    memset(mapping->base(), 7, mapping->bytes());
    std::atomic<int> ready{0};
    std::vector<std::thread> threads;
    for (int user = 0; user < kUsers; user++) {
      threads.emplace_back([&ready, user, i, base = mapping->base(), addresses = mapping->addresses()]() mutable {
        ready++;
        for (int at = 0; at < 2000 + 500 * user; at++) CHECK(IsSevenOrZero(base + at));
        if (i % 8 == 0 && user == 0) addresses->KeepForever();
        addresses.reset();
      });
    }
    while (ready < kUsers) std::this_thread::yield();
    mapping.reset();
    for (std::thread& thread : threads) thread.join();
  }
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
      CHECK(mapping->bytes() % static_cast<size_t>(sysconf(_SC_PAGESIZE)) == 0);
      const bool wants_thp = huge == HugePages::kThp && bytes >= size_t{2} << 20;
      CHECK(!wants_thp || reinterpret_cast<uintptr_t>(mapping->base()) % (size_t{2} << 20) == 0);
      mapping->base()[0] = mapping->base()[mapping->bytes() - 1] = 1;
      CHECK(mapping->huge_pages() == huge || mapping->huge_pages_error() != 0);
    }
  }
  TestEveryPageDiffers();
  TestUnpopulated();
  TestPopulatedInSlices();
  TestRefusals();
  const std::shared_ptr<Mapping> tried = Map(1 << 20, 4096, HugePages::kNever, Lock::kTry);
  CHECK(tried->locked() == (tried->lock_error() == 0));
  TestAddressesOutliveMemory();
#if !defined(__SANITIZE_THREAD__)  // its shadow of the addresses is mapped in pieces, and counts as well
  TestEmptyAddressesAreOneMapping();
#endif
  TestMemoryAndAddressesGoAtOnce();
}

}  // namespace copytax
