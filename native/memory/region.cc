#include "region.h"

#include <climits>
#include <mutex>
#include <utility>

namespace copytax {
namespace {

// Process-global from here to the end of this namespace: every environment of the process shares it, under the mutex.
std::mutex registry_mutex;
std::weak_ptr<Region> registry[kMaxRegions];
int last_id = 0;

/// An id that does not belong in the entry at `index`: with it, an empty entry is never found.
int ForeignId(int index) { return ~index; }

}  // namespace

std::shared_ptr<Region> RegisterRegion(std::shared_ptr<Mapping> mapping) {
  auto region = std::make_shared<Region>();
  region->mapping = std::move(mapping);
  const std::lock_guard<std::mutex> guard(registry_mutex);
  for (int tried = 0; tried < kMaxRegions && last_id < INT_MAX; tried++) {
    // Ids only grow: a stale id of a closed region must never name a younger one.
    const int id = ++last_id;
    std::weak_ptr<Region>& entry = registry[id % kMaxRegions];
    if (!entry.expired()) continue;
    region->id = id;
    entry = region;
    return region;
  }
  return nullptr;
}

std::shared_ptr<Region> FindRegion(int id) {
  if (id <= 0) return nullptr;
  const std::lock_guard<std::mutex> guard(registry_mutex);
  std::shared_ptr<Region> region = registry[id % kMaxRegions].lock();
  return region != nullptr && region->id == id ? region : nullptr;
}

RegionTable::RegionTable() {
  for (int i = 0; i < kMaxRegions; i++) entries_[i] = {ForeignId(i), nullptr, 0};
}

RegionTable::~RegionTable() { DetachAll(); }

std::shared_ptr<Region> RegionTable::RegionOf(int id) const {
  return Find(id) == nullptr ? nullptr : regions_[id % kMaxRegions];
}

void RegionTable::Attach(const std::shared_ptr<Region>& region) {
  const int index = region->id % kMaxRegions;
  if (entries_[index].id == region->id) return;
  // Two living regions never share an entry, so this one is empty.
  entries_[index] = {region->id, region->mapping->base(), region->mapping->bytes()};
  regions_[index] = region;
  region->attachments++;
}

bool RegionTable::Detach(int id) {
  if (Find(id) == nullptr) return false;
  const int index = id % kMaxRegions;
  entries_[index] = {ForeignId(index), nullptr, 0};
  regions_[index]->attachments--;
  regions_[index].reset();
  return true;
}

void RegionTable::DetachAll() {
  for (const Entry& entry : entries_) {
    if (entry.id > 0) Detach(entry.id);
  }
}

}  // namespace copytax
