// Regions: mappings that carry a process-wide id, and the table by which one environment reaches those it attached.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "mapping.h"

namespace copytax {

/// Regions that can exist at once in the process.
constexpr int kRegionSlots = 4096;
/// Largest region. Node 20 makes no ArrayBuffer beyond it, and every offset stays exact in a double.
constexpr size_t kMaxRegionBytes = size_t{4} << 30;

/// Shared by every environment that is attached and every buffer that is still alive; the last one unmaps.
struct Region {
  int id;
  std::shared_ptr<Mapping> mapping;
  std::atomic<int> attachments{0};
};

/// Gives the mapping an id that was never used before in this process; null when kRegionSlots are taken. Any thread.
std::shared_ptr<Region> RegisterRegion(std::shared_ptr<Mapping> mapping);

/// Null when there is no such region any more. Any thread.
std::shared_ptr<Region> FindRegion(int id);

/// What one environment is attached to. Owned and used by one thread, so that looking up takes no lock.
class RegionTable {
 public:
  struct Slot {
    int id;
    char* base;
    size_t bytes;
  };

  RegionTable();
  ~RegionTable();
  RegionTable(const RegionTable&) = delete;
  RegionTable& operator=(const RegionTable&) = delete;

  /// Null when not attached. Any int is a valid question.
  const Slot* Find(int id) const {
    const Slot& slot = slots_[static_cast<unsigned>(id) % kRegionSlots];
    return slot.id == id ? &slot : nullptr;
  }

  std::shared_ptr<Region> RegionOf(int id) const;
  /// No effect when attached already.
  void Attach(const std::shared_ptr<Region>& region);
  /// False when not attached.
  bool Detach(int id);
  void DetachAll();

 private:
  Slot slots_[kRegionSlots];
  std::shared_ptr<Region> regions_[kRegionSlots];  // apart from slots_: the hot path never reads them
};

}  // namespace copytax
