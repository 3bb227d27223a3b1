// The slot allocator with the books that Linux keeps: a counter of free slots, an original address and a size in every
// slot. Written from docs/spec/swiotlb.md#state (from there to #release, static build), for lib/swiotlb to be compared
// with. Deviations: areas have cache lines of their own, and the used slots of all areas and their high-water mark are
// not counted, as in a Linux without debugfs.
#ifndef COPYTAX_YARDSTICK_SLOT_POOL_H_
#define COPYTAX_YARDSTICK_SLOT_POOL_H_

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

namespace copytax {

constexpr unsigned kSlotShift = 11;
constexpr uint64_t kSlotBytes = 1u << kSlotShift;
constexpr uint64_t kPageBytes = 4096;
constexpr uint32_t kSegmentSlots = 128;
constexpr uint64_t kNoAddress = ~uint64_t{0};
constexpr uint64_t kNoOrigin = ~uint64_t{0};

/// What the device requires of addresses; both are 2^n - 1.
struct Device {
  uint64_t min_align_mask = 0;
  uint64_t boundary_mask = ~uint64_t{0};
};

/// Spins with pauses, and yields after a while: the thread that holds the lock may have lost its CPU.
class SpinLock {
 public:
  void Lock() {
    bool free = false;
    for (unsigned spins = 0; !held_.compare_exchange_weak(free, true, std::memory_order_acquire); free = false) {
      while (held_.load(std::memory_order_relaxed)) Relax(++spins);
    }
  }
  void Unlock() { held_.store(false, std::memory_order_release); }

 private:
  static void Relax(unsigned spins) {
    constexpr unsigned kSpinsBeforeYield = 200;
    constexpr unsigned kPausesPerSpin = 8;
    if (spins >= kSpinsBeforeYield) {
      sched_yield();
      return;
    }
    for (unsigned i = 0; i < kPausesPerSpin; i++) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#elif defined(__aarch64__)
      asm volatile("yield");
#endif
    }
  }

  std::atomic<bool> held_{false};
};

class SlotPool {
 public:
  /// `areas` is a power of two, `slots` a whole number of segments for each of them.
  SlotPool(uint64_t start, uint32_t slots, uint32_t areas)
      : start_(start), area_slots_(slots / areas), areas_(areas), slots_(slots) {
    for (uint32_t slot = 0; slot < slots; slot++) {
      slots_[slot].list = static_cast<uint16_t>(std::min(kSegmentSlots - slot % kSegmentSlots, slots - slot));
    }
  }

  uint32_t slots() const { return static_cast<uint32_t>(slots_.size()); }
  uint32_t area_slots() const { return area_slots_; }
  uint32_t areas() const { return static_cast<uint32_t>(areas_.size()); }
  /// Number of taken slots; exact when no thread allocates or frees.
  uint32_t used() const {
    uint32_t sum = 0;
    for (const Area& area : areas_) sum += area.used;
    return sum;
  }
  uint64_t AddressOf(uint32_t slot) const { return start_ + slot * kSlotBytes; }
  uint32_t SlotOf(uint64_t address) const { return static_cast<uint32_t>((address - start_) >> kSlotShift); }

  /// Returns the bounce address of `bytes` at `origin` (0: none), or kNoAddress. Tries the CPU's home area first.
  uint64_t Alloc(const Device& device, uint64_t origin, uint64_t bytes, uint64_t align_mask, uint32_t cpu) {
    const uint64_t offset = origin & device.min_align_mask & (align_mask | (kSlotBytes - 1));
    const uint64_t total = (bytes + offset + align_mask) & ~align_mask;
    if (total > kSegmentSlots * kSlotBytes) return kNoAddress;
    uint32_t first = kNoSlot;
    for (uint32_t step = 0; step < areas() && first == kNoSlot; step++) {
      first = Search((cpu + step) & (areas() - 1), device, origin, total, align_mask);
    }
    if (first == kNoSlot) return kNoAddress;
    const uint32_t pad = static_cast<uint32_t>(offset >> kSlotShift);
    const uint32_t data = first + pad;
    slots_[data].pad_slots = static_cast<uint16_t>(pad);
    if (origin != 0) {
      for (uint32_t i = 0; i < SlotsOf(total) - pad; i++) slots_[data + i].origin = origin + i * kSlotBytes;
    }
    return AddressOf(data) + (offset & (kSlotBytes - 1));
  }

  /// Frees what Alloc returned and returns the number of slots. The caller is trusted.
  uint32_t Free(const Device& device, uint64_t address) {
    const uint64_t low = Low(address, device);
    const uint32_t data = SlotOf(address - low);
    const uint32_t first = data - slots_[data].pad_slots;
    const uint32_t count = SlotsOf(slots_[first].alloc_bytes + low);
    Area& area = areas_[first / area_slots_];
    area.lock.Lock();
    const uint32_t end = first + count;
    uint32_t free = end % kSegmentSlots != 0 && end < slots() ? slots_[end].list : 0;
    for (uint32_t slot = end; slot-- > first;) slots_[slot] = {kNoOrigin, 0, static_cast<uint16_t>(++free), 0};
    WalkLeft(first, free);
    area.used -= count;
    area.lock.Unlock();
    return count;
  }

 private:
  static constexpr uint32_t kNoSlot = ~uint32_t{0};
  static constexpr size_t kLine = 128;

  struct Slot {
    uint64_t origin = kNoOrigin;
    uint64_t alloc_bytes = 0;
    uint16_t list = 0;
    uint16_t pad_slots = 0;
  };

  struct alignas(kLine) Area {
    SpinLock lock;
    uint32_t used = 0;
    uint32_t index = 0;
  };

  static uint32_t SlotsOf(uint64_t bytes) { return static_cast<uint32_t>((bytes + kSlotBytes - 1) >> kSlotShift); }
  static uint64_t Low(uint64_t address, const Device& device) {
    return address & device.min_align_mask & (kSlotBytes - 1);
  }

  uint32_t Search(uint32_t number, const Device& device, uint64_t origin, uint64_t total, uint64_t align_mask) {
    const uint32_t count = SlotsOf(total);
    Area& area = areas_[number];
    area.lock.Lock();
    uint32_t index = kNoSlot;
    if (count <= area_slots_ - area.used) {
      index = Find(number, device, origin, count, EffectiveAlign(device, total, align_mask));
    }
    uint32_t first = kNoSlot;
    if (index != kNoSlot) {
      first = number * area_slots_ + index;
      Take(first, count, total - Low(origin, device));
      area.index = index + count < area_slots_ ? index + count : 0;
      area.used += count;
    }
    area.lock.Unlock();
    return first;
  }

  /// A request of a page or more without an alignment of its own is aligned to a page.
  static uint64_t EffectiveAlign(const Device& device, uint64_t total, uint64_t align_mask) {
    const bool page_rule = align_mask == 0 && device.min_align_mask == 0 && total >= kPageBytes;
    return (page_rule ? kPageBytes - 1 : align_mask) | (kSlotBytes - 1);
  }

  /// Next-fit, from the area's index on: returns the index of a run in the area, or kNoSlot. Past the end it starts at
  /// 0, without the overshoot.
  uint32_t Find(uint32_t number, const Device& device, uint64_t origin, uint32_t count, uint64_t align) const {
    uint32_t index = areas_[number].index;
    const uint64_t reproduce = device.min_align_mask & ~align;
    const uint64_t stride = (std::max(align, reproduce) >> kSlotShift) + 1;
    const uint64_t boundary_slots = (device.boundary_mask >> kSlotShift) + 1;
    const uint64_t start = start_ & device.boundary_mask;
    const uint64_t start_slot = (start + kSlotBytes - 1) >> kSlotShift;
    const uint32_t base = number * area_slots_;
    for (uint64_t checked = 0, step; checked < area_slots_; checked += step) {
      const uint32_t slot = base + index;
      const uint64_t address = start + slot * kSlotBytes;
      step = 1;
      if ((address & align) == 0 && (origin == 0 || (address & reproduce) == (origin & reproduce))) {
        if (((start_slot + slot) & (boundary_slots - 1)) + count <= boundary_slots && slots_[slot].list >= count) {
          return index;
        }
        step = stride;
      }
      index = index + step < area_slots_ ? static_cast<uint32_t>(index + step) : 0;
    }
    return kNoSlot;
  }

  void Take(uint32_t first, uint32_t count, uint64_t bytes) {
    for (uint32_t i = 0; i < count; i++) {
      slots_[first + i].list = 0;
      slots_[first + i].alloc_bytes = bytes - i * kSlotBytes;
    }
    WalkLeft(first, 0);
  }

  /// Rewrites the counters of the free slots before `slot`, which is followed by `free` free ones, in its segment.
  void WalkLeft(uint32_t slot, uint32_t free) {
    for (; slot % kSegmentSlots != 0 && slots_[slot - 1].list != 0; slot--) {
      slots_[slot - 1].list = static_cast<uint16_t>(++free);
    }
  }

  const uint64_t start_;
  const uint32_t area_slots_;
  std::vector<Area> areas_;
  std::vector<Slot> slots_;
};

}  // namespace copytax

#endif  // COPYTAX_YARDSTICK_SLOT_POOL_H_
