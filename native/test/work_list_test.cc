#include "../copy/work_list.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "../copy/cache_flush.h"
#include "../copy/crc32c.h"
#include "check.h"

namespace copytax {
namespace {

constexpr size_t kBytes = 64 << 10;

/// A list with two regions attached, as one environment would have it.
struct Fixture {
  Fixture() : memory(kListBytes / sizeof(double)) {
    for (std::shared_ptr<Region>& region : regions) {
      Refusal refusal;
      region = RegisterRegion(Mapping::Create({kBytes, 4096, Lock::kNo, HugePages::kNever, -1}, &refusal));
      table.Attach(region);
    }
    list = std::make_unique<WorkList>(reinterpret_cast<char*>(memory.data()), table);
    header = reinterpret_cast<ListHeader*>(memory.data());
    entries = reinterpret_cast<ListEntry*>(header + 1);
  }

  std::vector<double> memory;
  RegionTable table;
  std::shared_ptr<Region> regions[2];
  std::unique_ptr<WorkList> list;
  ListHeader* header;
  ListEntry* entries;
};

double AnyDouble(Random& random) {
  constexpr double kOdd[] = {NAN,    -1,           0.5, 1e300,  -1e300, INFINITY, -INFINITY, -0.0,
                             kBytes, kBytes + 1.0, 4e9, 9.1e18, 1.9e19, 0x1p63,   0x1p64,    5e-324};
  switch (Below(random, 3)) {
    case 0:
      return kOdd[Below(random, sizeof kOdd / sizeof *kOdd)];
    case 1:
      return static_cast<double>(Below(random, kBytes));
    default: {
      const uint64_t bits = random();
      double value;
      memcpy(&value, &bits, sizeof value);
      return value;
    }
  }
}

int32_t AnyInt(Random& random, const Fixture& fixture) {
  switch (Below(random, 4)) {
    case 0:
      return static_cast<int32_t>(random());
    case 1:
      return static_cast<int32_t>(Below(random, kBytes));
    default:
      return fixture.regions[Below(random, 2)]->id;
  }
}

/// Lists of arbitrary entries: those that are accepted stay within their regions (the sanitizer watches) and do not
/// overlap.
void TestAnything(Random& random) {
  Fixture fixture;
  int accepted = 0;
  for (int i = 0; i < 60000; i++) {
    ListEntry entry = {AnyInt(random, fixture), AnyInt(random, fixture), AnyDouble(random),
                       AnyDouble(random),       AnyInt(random, fixture), static_cast<int32_t>(Below(random, 10)) - 1};
    fixture.entries[0] = entry;
    const int result = fixture.list->Copy(1, CopyKernels()[0].copy, false);
    CHECK(result == 0 || result == -1);
    accepted += result == 0;
    CHECK(fixture.list->Checksum(1, 0) <= 0);
  }
  CHECK(accepted > 0);
}

void TestAllOrNothing() {
  Fixture f;
  const int a = f.regions[0]->id, b = f.regions[1]->id;
  char* to = f.regions[1]->mapping->base();
  const std::vector<char> before(to, to + kBytes);
  f.entries[0] = {b, a, 0, 0, 1000, 1};
  f.entries[1] = {b, a, kBytes - 10, 0, 11, 1};
  CHECK(f.list->Copy(2, CopyKernels()[0].copy, false) == -2);
  CHECK(memcmp(to, before.data(), kBytes) == 0);
  f.entries[1] = {a, a, 0, 999, 1000, 1};
  CHECK(f.list->Copy(2, CopyKernels()[0].copy, false) == -2);
  f.entries[1] = {a, a, 0, 1000, 1000, 2};
  f.entries[2] = {b, a, kBytes, kBytes, 0, 0};
  f.header->site_ns[0] = -1;
  CHECK(f.list->Copy(3, CopyKernels()[0].copy, false) == 0);
  CHECK(memcmp(to, before.data(), 1000) != 0);
  CHECK(f.header->site_ns[0] >= 0 && f.header->site_ns[1] >= 0 && f.header->now_ns > 0);
  CHECK(f.list->Copy(0, CopyKernels()[0].copy, false) == 0);
}

/// Every 64th run of a site waits for its stores, and its wait is counted for all 64. The stores go to memory outside
/// the caches, so that there is something to wait for.
void TestAwaitedRuns() {
  constexpr int kCycles = 32, kBytesOfRun = 4096, kSite = 3;
  if (getenv("COPYTAX_EMULATED") != nullptr) return;  // an emulator waits for no stores
  Fixture f;
  const int a = f.regions[0]->id, b = f.regions[1]->id;
  f.entries[0] = {b, a, 0, 0, kBytesOfRun, kSite};
  std::vector<double> ns[kRunsPerAwaited];
  for (int run = 0; run < kCycles * kRunsPerAwaited; run++) {
    if (!FlushRange(f.regions[1]->mapping->base(), kBytesOfRun)) return;
    CHECK(f.list->Copy(1, CopyKernels()[0].copy, false) == 0);
    ns[run % kRunsPerAwaited].push_back(f.header->site_ns[kSite - 1]);
    // A list that waits anyway does not count among the 64.
    if (run % 5 == 0) CHECK(f.list->Copy(1, CopyKernels()[0].copy, true) == 0);
  }
  int longest = 0;
  for (int phase = 0; phase < kRunsPerAwaited; phase++) {
    std::nth_element(ns[phase].begin(), ns[phase].begin() + kCycles / 2, ns[phase].end());
    if (ns[phase][kCycles / 2] > ns[longest][kCycles / 2]) longest = phase;
  }
  CHECK(longest == kSite * kRunsPerAwaited / kSites);
}

void TestChecksum(Random& random) {
  Fixture f;
  const int a = f.regions[0]->id;
  const char* data = f.regions[0]->mapping->base();
  uint32_t expected = 12345;
  for (int i = 0; i < kListCapacity; i++) {
    const size_t at = Below(random, kBytes), bytes = Below(random, std::min(kBytes - at, size_t{500}));
    f.entries[i] = {0, a, NAN, static_cast<double>(at), static_cast<int32_t>(bytes), -9};
    expected = Crc32c(expected, data + at, bytes);
  }
  CHECK(f.list->Checksum(kListCapacity, 12345) == 0);
  CHECK(f.header->checksum == expected);
}

/// Another thread writes to the list while it is read: what was checked must be what is used.
void TestScribbling(uint64_t seed) {
  Fixture f;
  const int ids[] = {f.regions[0]->id, f.regions[1]->id, 0};
  std::atomic<bool> stop{false};
  std::thread scribbler([&] {
    Random random(seed);
    while (!stop.load()) {
      ListEntry& entry = f.entries[Below(random, 8)];
      __atomic_store_n(&entry.to_region, ids[Below(random, 3)], __ATOMIC_RELAXED);
      __atomic_store_n(&entry.from_region, ids[Below(random, 2)], __ATOMIC_RELAXED);
      __atomic_store_n(&entry.bytes, static_cast<int32_t>(Below(random, 2 * kBytes)), __ATOMIC_RELAXED);
      double offset = static_cast<double>(Below(random, 2 * kBytes));
      __atomic_store(&entry.from_offset, &offset, __ATOMIC_RELAXED);
      __atomic_store(&entry.to_offset, &offset, __ATOMIC_RELAXED);
    }
  });
  for (int i = 0; i < 20000; i++) f.list->Copy(1 + i % 8, CopyKernels()[0].copy, false);
  stop.store(true);
  scribbler.join();
}

}  // namespace

void TestWorkList(Random& random) {
  TestAnything(random);
  TestAllOrNothing();
  TestAwaitedRuns();
  TestChecksum(random);
  TestScribbling(random());
}

}  // namespace copytax
