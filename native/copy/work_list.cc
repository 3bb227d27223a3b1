#include "work_list.h"

#include <algorithm>
#include <cstring>

#include "crc32c.h"

namespace copytax {
namespace {

constexpr int kCalibrationRounds = 101;
/// Waiting for stores never takes that long. A longer wait means that the host ran something else meanwhile, so it is
/// not multiplied to stand for runs that were not awaited.
constexpr double kInterruptedNs = 50e3;

int32_t ReadOnce(const int32_t& field) { return __atomic_load_n(&field, __ATOMIC_RELAXED); }

double ReadOnce(const double& field) {
  double value;
  __atomic_load(&field, &value, __ATOMIC_RELAXED);
  return value;
}

/// Compares as integers, because pointers into different mappings may not be compared.
bool Overlap(const char* a, const char* b, uint32_t bytes) {
  const uintptr_t x = reinterpret_cast<uintptr_t>(a), y = reinterpret_cast<uintptr_t>(b);
  return x < y + bytes && y < x + bytes;
}

}  // namespace

const char* ResolveRange(const RegionTable& regions, int region, double offset, int64_t bytes) {
  const RegionTable::Entry* entry = regions.Find(region);
  if (entry == nullptr || bytes < 0) return nullptr;
  // Written so that not-a-number fails; the cast below is defined only for what passes.
  if (!(offset >= 0 && offset <= static_cast<double>(entry->bytes))) return nullptr;
  const uint64_t at = static_cast<uint64_t>(offset);
  if (static_cast<double>(at) != offset || static_cast<uint64_t>(bytes) > entry->bytes - at) return nullptr;
  return entry->base + at;
}

WorkList::WorkList(char* memory, const RegionTable& regions)
    : header_(reinterpret_cast<ListHeader*>(memory)),
      entries_(reinterpret_cast<const ListEntry*>(memory + sizeof(ListHeader))),
      regions_(regions),
      clock_(Clock::Get()) {
  memset(memory, 0, kListBytes);
  // Sites start at different counts, so that those whose runs follow each other do not all wait in the same list.
  for (int site = 0; site < kSites; site++) runs_until_awaited_[site] = 1 + site * kRunsPerAwaited / kSites;
  uint64_t shortest = UINT64_MAX;
  for (int i = 0; i < kCalibrationRounds; i++) shortest = std::min(shortest, AwaitedTicks(clock_.TicksAfter()));
  idle_wait_ticks_ = shortest;
}

uint64_t WorkList::AwaitedTicks(uint64_t end) const {
  Clock::AwaitStores();
  const uint64_t ticks = clock_.TicksAfter() - end;
  return ticks > idle_wait_ticks_ ? ticks - idle_wait_ticks_ : 0;
}

bool WorkList::Resolve(const ListEntry& shared, Work* work) const {
  const int32_t bytes = ReadOnce(shared.bytes);
  const uint32_t site = static_cast<uint32_t>(ReadOnce(shared.site));
  const char* to = ResolveRange(regions_, ReadOnce(shared.to_region), ReadOnce(shared.to_offset), bytes);
  const char* from = ResolveRange(regions_, ReadOnce(shared.from_region), ReadOnce(shared.from_offset), bytes);
  if (to == nullptr || from == nullptr || site >= kSites) return false;
  *work = {const_cast<char*>(to), from, static_cast<uint32_t>(bytes), site};
  return !Overlap(to, from, work->bytes);
}

int WorkList::Copy(int count, CopyFunction copy, bool awaits) {
  for (int i = 0; i < count; i++) {
    if (!Resolve(entries_[i], &work_[i])) return -(i + 1);
    if (work_[i].site > 0) header_->site_ns[work_[i].site - 1] = 0;
  }
  uint64_t begin = clock_.Ticks();
  for (int i = 0; i < count;) {
    const uint32_t site = work_[i].site;
    for (; i < count && work_[i].site == site; i++) copy(work_[i].to, work_[i].from, work_[i].bytes);
    // One reading ends a run of entries and begins the next.
    uint64_t end = clock_.TicksAfter();
    double ns = clock_.NsOf(end - begin);
    if (awaits || (site > 0 && --runs_until_awaited_[site] == 0)) {
      const double wait_ns = clock_.NsOf(AwaitedTicks(end));
      ns += awaits || wait_ns > kInterruptedNs ? wait_ns : wait_ns * kRunsPerAwaited;
      if (!awaits) runs_until_awaited_[site] = kRunsPerAwaited;
      end = clock_.Ticks();
    }
    if (site > 0) header_->site_ns[site - 1] += ns;
    begin = end;
  }
  Stamp(clock_.Since(begin));
  return 0;
}

int WorkList::Checksum(int count, uint32_t seed) {
  for (int i = 0; i < count; i++) {
    const ListEntry& shared = entries_[i];
    const int32_t bytes = ReadOnce(shared.bytes);
    const char* from = ResolveRange(regions_, ReadOnce(shared.from_region), ReadOnce(shared.from_offset), bytes);
    if (from == nullptr) return -(i + 1);
    work_[i] = {nullptr, from, static_cast<uint32_t>(bytes), 0};
  }
  uint32_t crc = seed;
  for (int i = 0; i < count; i++) crc = Crc32c(crc, work_[i].from, work_[i].bytes);
  header_->checksum = crc;
  StampNow();
  return 0;
}

}  // namespace copytax
