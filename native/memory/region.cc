#include "region.h"

#include <climits>
#include <mutex>
#include <utility>

namespace copytax {
namespace {

// Process-global from here to the end of this namespace: every environment of the process shares it, under the mutex.
std::mutex registry_mutex;
std::weak_ptr<Region> registry[kRegionSlots];
int last_id = 0;

/// An id that does not belong in `slot`: with it, an empty slot is never found.
int ForeignId(int slot) { return ~slot; }

}  // namespace

std::shared_ptr<Region> RegisterRegion(std::shared_ptr<Mapping> mapping) {
  auto region = std::make_shared<Region>();
  region->mapping = std::move(mapping);
  const std::lock_guard<std::mutex> guard(registry_mutex);
  for (int tried = 0; tried < kRegionSlots && last_id < INT_MAX; tried++) {
    // Ids only grow: a stale id of a closed region must never name a younger one.
    const int id = ++last_id;
    std::weak_ptr<Region>& slot = registry[id % kRegionSlots];
    if (!slot.expired()) continue;
    region->id = id;
    slot = region;
    return region;
  }
  return nullptr;
}

std::shared_ptr<Region> FindRegion(int id) {
  if (id <= 0) return nullptr;
  const std::lock_guard<std::mutex> guard(registry_mutex);
  std::shared_ptr<Region> region = registry[id % kRegionSlots].lock();
  return region != nullptr && region->id == id ? region : nullptr;
}

RegionTable::RegionTable() {
  for (int i = 0; i < kRegionSlots; i++) slots_[i] = {ForeignId(i), nullptr, 0};
}

RegionTable::~RegionTable() { DetachAll(); }

std::shared_ptr<Region> RegionTable::RegionOf(int id) const {
  return Find(id) == nullptr ? nullptr : regions_[id % kRegionSlots];
}

void RegionTable::Attach(const std::shared_ptr<Region>& region) {
  const int slot = region->id % kRegionSlots;
  if (slots_[slot].id == region->id) return;
  // Two living regions never share a slot, so this one is empty.
  slots_[slot] = {region->id, region->mapping->base(), region->mapping->bytes()};
  regions_[slot] = region;
  region->attachments++;
}

bool RegionTable::Detach(int id) {
  if (Find(id) == nullptr) return false;
  const int slot = id % kRegionSlots;
  slots_[slot] = {ForeignId(slot), nullptr, 0};
  regions_[slot]->attachments--;
  regions_[slot].reset();
  return true;
}

void RegionTable::DetachAll() {
  for (const Slot& slot : slots_) {
    if (slot.id > 0) Detach(slot.id);
  }
}

}  // namespace copytax
