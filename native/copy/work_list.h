// The work list: JavaScript fills it in and native code makes its copies, with at most one crossing per packet and copy
// site.
#pragma once

#include <cstdint>

#include "../cpu/clock.h"
#include "../memory/mapping.h"
#include "../memory/region.h"
#include "kernels.h"

namespace copytax {

constexpr int kListCapacity = 1024;
constexpr int kSites = 8;  // 1..7 are timed, 0 is not
constexpr int kRunsPerAwaited = 64;

/// Layout shared with lib/memory/copy-list.ts, which names every field.
struct ListHeader {
  double now_ns;
  double site_ns[kSites - 1];  // of site 1..7
  double checksum;
  double reserved[7];
};
static_assert(sizeof(ListHeader) == 128, "the entries begin at byte 128");

struct ListEntry {
  int32_t to_region;
  int32_t from_region;
  double to_offset;
  double from_offset;
  int32_t bytes;
  int32_t site;
};
static_assert(sizeof(ListEntry) == 32, "entries are 32 bytes apart");

constexpr size_t kListBytes = sizeof(ListHeader) + kListCapacity * sizeof(ListEntry);

/// Returns the address of `bytes` bytes at `offset` of a region, or null when any of them is not within that region.
/// Any double may be passed: not-a-number, fractions, negatives and infinities are not within a region.
const char* ResolveRange(const RegionTable& regions, int region, double offset, int64_t bytes);

/// One per environment, used by its thread alone.
class WorkList {
 public:
  /// `memory` holds kListBytes; JavaScript sees it, and may change it even while this class reads.
  WorkList(char* memory, const RegionTable& regions);

  /// Copies entries [0, count) in order and reports the time by site. Returns 0, or -(i + 1) when entry i is bad, and
  /// then nothing has been copied. `count` must be within 0..kListCapacity.
  /// A copy is over when its stores have left the CPU. Waiting for that each time would keep the CPU from going on with
  /// other work, so one run of entries in kRunsPerAwaited waits, and its wait is counted for all of them. `awaits`:
  /// every run of this list waits, and is counted for itself.
  int Copy(int count, CopyFunction copy, bool awaits);

  /// CRC-32C over the sources of entries [0, count), continuing from `seed`. Returns as Copy().
  int Checksum(int count, uint32_t seed);

  void StampNow() { Stamp(clock_.Now()); }
  void StampDisciplinedNow() { Stamp(clock_.DisciplinedNow()); }
  Clock& clock() { return clock_; }

 private:
  struct Work {
    char* to;
    const char* from;
    uint32_t bytes;
    uint32_t site;
  };
  bool Resolve(const ListEntry& shared, Work* work) const;
  /// Waits for the stores made before `end`. Returns how many ticks longer that took than when there are none.
  uint64_t AwaitedTicks(uint64_t end) const;
  /// Writes the time, which never goes backwards in this thread, whatever the clock says.
  void Stamp(double now_ns) {
    if (now_ns > last_now_ns_) last_now_ns_ = now_ns;
    header_->now_ns = last_now_ns_;
  }

  ListHeader* header_;
  const ListEntry* entries_;
  const RegionTable& regions_;
  Clock& clock_;
  double last_now_ns_ = 0;
  uint64_t idle_wait_ticks_ = 0;  // what waiting takes when there is nothing to wait for
  int runs_until_awaited_[kSites];
  // Entries as they were checked. Each is read once, into here, because other threads may write to the list.
  Work work_[kListCapacity];
};

}  // namespace copytax
