#include "../memory/region.h"

#include <atomic>
#include <climits>
#include <thread>
#include <vector>

#include "check.h"

namespace copytax {
namespace {

std::shared_ptr<Region> Make() {
  Refusal refusal;
  return RegisterRegion(Mapping::Create({4096, 64, Lock::kNo, HugePages::kNever, -1}, &refusal));
}

void TestIds() {
  int last = 0;
  for (int i = 0; i < 3 * kMaxRegions; i++) {
    const std::shared_ptr<Region> region = RegisterRegion(nullptr);
    CHECK(region->id > last);
    last = region->id;
    CHECK(FindRegion(last) == region);
  }
  CHECK(FindRegion(last) == nullptr);
  const std::shared_ptr<Region> young = RegisterRegion(nullptr);  // in the place of an older one
  CHECK(FindRegion(young->id - kMaxRegions) == nullptr && FindRegion(young->id + kMaxRegions) == nullptr);
  std::vector<std::shared_ptr<Region>> all;
  for (int i = 1; i < kMaxRegions; i++) all.push_back(RegisterRegion(nullptr));
  CHECK(all.back() != nullptr && RegisterRegion(nullptr) == nullptr);
  all.erase(all.begin() + 77);
  CHECK(RegisterRegion(nullptr) != nullptr);
}

void TestTable(Random& random) {
  RegionTable table;
  for (int i = 0; i < 100000; i++) CHECK(table.Find(static_cast<int>(random())) == nullptr);
  for (const int id : {0, -1, INT_MIN, INT_MAX, kMaxRegions, -kMaxRegions}) CHECK(table.Find(id) == nullptr);
  std::shared_ptr<Region> region = Make();
  const int id = region->id;
  table.Attach(region);
  table.Attach(region);
  CHECK(region->attachments == 1 && table.Find(id)->bytes == 4096);
  CHECK(table.Find(id + kMaxRegions) == nullptr && table.Find(id - kMaxRegions) == nullptr);
  RegionTable other;
  other.Attach(region);
  CHECK(region->attachments == 2 && other.Detach(id) && region->attachments == 1);
  region.reset();
  CHECK(FindRegion(id) != nullptr);
  CHECK(table.Detach(id) && !table.Detach(id));
  CHECK(FindRegion(id) == nullptr);
}

/// Threads create, publish, attach, write to and detach regions at random. Each has its own table, as an environment
/// does.
void TestThreads(uint64_t seed) {
  constexpr int kThreads = 4, kShared = 16;
  static std::atomic<int> published[kShared];
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([t, seed] {
      Random random(seed + static_cast<uint64_t>(t));
      RegionTable table;
      for (int i = 0; i < 3000; i++) {
        std::atomic<int>& shared_id = published[Below(random, kShared)];
        if (Below(random, 3) == 0) {
          const std::shared_ptr<Region> region = Make();
          table.Attach(region);
          shared_id.store(region->id);
        } else if (const std::shared_ptr<Region> region = FindRegion(shared_id.load())) {
          table.Attach(region);
          CHECK(region->attachments >= 1);
          const RegionTable::Entry* found = table.Find(region->id);
          reinterpret_cast<std::atomic<char>*>(found->base)[Below(random, found->bytes)].store(1);
          if (Below(random, 2) == 0) table.Detach(region->id);
        }
        if (i % 500 == 0) table.DetachAll();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::atomic<int>& id : published) CHECK(FindRegion(id.load()) == nullptr);
}

}  // namespace

void TestRegions(Random& random) {
  TestIds();
  TestTable(random);
  TestThreads(random());
}

}  // namespace copytax
