// Regions: mappings that carry a process-wide id, and the table by which one environment reaches those it attached.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "mapping.h"

namespace copytax {

/// Regions that can exist at once in the process.
constexpr int kMaxRegions = 4096;
/// Largest region. Node 20 makes no ArrayBuffer beyond it, and every offset stays exact in a double.
constexpr size_t kMaxRegionBytes = size_t{4} << 30;

/// Shared by every environment that is attached and every buffer that is still alive; the last of them unmaps it.
struct Region {
  int id;
  std::shared_ptr<Mapping> mapping;
  std::atomic<int> attachments{0};
};

/// Gives the mapping an id that was never used before in this process. Returns null when kMaxRegions exist already.
/// Any thread.
std::shared_ptr<Region> RegisterRegion(std::shared_ptr<Mapping> mapping);

/// Returns null when no such region exists any more. Any thread.
std::shared_ptr<Region> FindRegion(int id);

/// The regions that one environment is attached to. Owned and used by one thread, so that a look-up takes no lock.
class RegionTable {
 public:
  struct Entry {
    int id;
    char* base;
    size_t bytes;
  };

  RegionTable();
  ~RegionTable();
  RegionTable(const RegionTable&) = delete;
  RegionTable& operator=(const RegionTable&) = delete;

  /// Returns null when not attached. Any int may be passed.
  const Entry* Find(int id) const {
    const Entry& entry = entries_[static_cast<unsigned>(id) % kMaxRegions];
    return entry.id == id ? &entry : nullptr;
  }

  std::shared_ptr<Region> RegionOf(int id) const;
  /// Idempotent.
  void Attach(const std::shared_ptr<Region>& region);
  /// Returns false when not attached.
  bool Detach(int id);
  void DetachAll();

 private:
  Entry entries_[kMaxRegions];
  std::shared_ptr<Region> regions_[kMaxRegions];  // not in entries_: the hot path never reads them
};

}  // namespace copytax
