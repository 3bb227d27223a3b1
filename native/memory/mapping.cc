#include "mapping.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <new>

#include "numa.h"
#include "proc_memory.h"

namespace copytax {
namespace {

constexpr size_t kThpBytes = size_t{2} << 20;

size_t RoundUp(size_t value, size_t power_of_two) { return (value + power_of_two - 1) & ~(power_of_two - 1); }

/// Numbers mappings: no two of a process have the same contents.
std::atomic<uint64_t> mappings{0};

/// Faults every huge page in by a system call, which fails with EFAULT where a store would raise SIGBUS.
bool PopulateSafely(char* base, size_t length, size_t page) {
  for (size_t at = 0; at < length; at += page) {
    if (getrandom(base + at, 1, 0) != 1) return false;
  }
  return true;
}

}  // namespace

long long LockLimitBytes() {
  rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return -1;
  return static_cast<long long>(limit.rlim_cur);
}

std::shared_ptr<Mapping> Mapping::Create(const MappingOptions& options, Refusal* refusal) {
  std::shared_ptr<Mapping> mapping(new Mapping());
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  mapping->bytes_ = RoundUp(options.bytes, page);
  mapping->align_ = options.align;
  mapping->number_ = ++mappings;
  // Without this, Linux kills the process while it writes the pages of a request for more than is available.
  const long long available = AvailableBytes();
  if (available >= 0 && mapping->bytes_ > static_cast<size_t>(available)) {
    *refusal = {"mmap", ENOMEM, available};
    return nullptr;
  }
  const bool huge = options.huge_pages == HugePages::kHugetlb && mapping->MapHugetlb(options);
  if (!huge && !mapping->MapOrdinary(options, refusal)) return nullptr;
  // A child process would otherwise turn every page copy-on-write, and the next timed copy would pay for it.
  madvise(mapping->base_, mapping->length_, MADV_DONTFORK);
  if (!huge && !mapping->Bind(options.numa_node, refusal)) return nullptr;
  if (!mapping->LockPages(options, refusal)) return nullptr;
  if (options.populate) mapping->WritePages(0, mapping->length_);
  return mapping;
}

/// Pages of zeros may all be the one page of zeros that Linux keeps, and a copy out of that never leaves the cache.
void Mapping::WritePages(size_t offset, size_t bytes) {
  constexpr uint64_t kStep = 0x9e3779b97f4a7c15u;  // odd: no two of 2^64 multiples are the same
  const size_t end = offset + bytes >= bytes_ ? length_ : offset + bytes;
  uint64_t* words = reinterpret_cast<uint64_t*>(base_);
  const size_t first = offset / sizeof *words;
  uint64_t value = ((number_ << 40) + first) * kStep;
  for (size_t i = first; i < end / sizeof *words; i++) words[i] = value += kStep;
}

Mapping::~Mapping() { Unmap(); }

void Mapping::Unmap() {
  if (base_ == nullptr) return;
  if (addresses_.use_count() > 1 || addresses_->kept()) addresses_->Empty(base_, length_);
  addresses_.reset();
  base_ = nullptr;
}

Addresses::~Addresses() {
  if (!kept()) munmap(start_, length_);
}

/// One step, so that another thread that reads meanwhile finds either the memory or zeros. All of the range gets one
/// access, what was reserved around the memory, too: Linux then makes one mapping of neighbours, and a process that
/// opens and closes regions for ever does not run out of mappings (vm.max_map_count).
void Addresses::Empty(char* base, size_t bytes) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
  constexpr int kUsable = PROT_READ | PROT_WRITE;
  if (mmap(start_, length_, kUsable, kFlags, -1, 0) != MAP_FAILED) return;
  // Where Linux never overcommits, there may be room for less; and if not, a fault is better than foreign memory.
  if (mmap(base, bytes, kUsable, kFlags, -1, 0) != MAP_FAILED) return;
  mmap(start_, length_, PROT_NONE, kFlags, -1, 0);
}

/// Reserves address space for length_ bytes at a multiple of `placement`, between two guards of a page or more. They
/// also keep Linux from merging neighbours, so that what it reports about this mapping is about nothing else.
bool Mapping::Reserve(size_t placement, Refusal* refusal) {
  const size_t guard = page_bytes_;
  const size_t total = length_ + 2 * guard + placement;
  void* map = mmap(nullptr, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    *refusal = {"mmap", errno, -1};
    return false;
  }
  char* raw = static_cast<char*>(map);
  base_ = reinterpret_cast<char*>(RoundUp(reinterpret_cast<uintptr_t>(raw) + guard, placement));
  addresses_ = std::make_shared<Addresses>(raw, total);
  return true;
}

bool Mapping::MapOrdinary(const MappingOptions& options, Refusal* refusal) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const bool thp = options.huge_pages != HugePages::kNever;
  huge_pages_ = thp ? HugePages::kThp : HugePages::kNever;
  page_bytes_ = page;
  length_ = bytes_;
  size_t placement = options.align > page ? options.align : page;
  if (thp && length_ >= kThpBytes && placement < kThpBytes) placement = kThpBytes;
  if (!Reserve(placement, refusal)) return false;
  if (mprotect(base_, length_, PROT_READ | PROT_WRITE) != 0) {
    *refusal = {"mprotect", errno, -1};
    return false;
  }
  // Fails where Linux has no transparent huge pages; HugeBytes() says how many were obtained.
  madvise(base_, length_, thp ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return true;
}

/// Asks for no reservation: only populating the pages shows reliably whether they exist (the limits of control groups
/// are enforced only then).
bool Mapping::MapHugetlb(const MappingOptions& options) {
  const size_t align = options.align;
  const size_t huge = HugetlbPageBytes();
  if (huge == 0) {
    huge_pages_error_ = EOPNOTSUPP;
    return false;
  }
  length_ = RoundUp(bytes_, huge);
  const size_t total = length_ + (align > huge ? align : 0);
  void* map =
      mmap(nullptr, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) {
    huge_pages_error_ = errno;
    return false;
  }
  char* raw = static_cast<char*>(map);
  base_ = align > huge ? reinterpret_cast<char*>(RoundUp(reinterpret_cast<uintptr_t>(raw), align)) : raw;
  if (base_ > raw) munmap(raw, static_cast<size_t>(base_ - raw));
  if (raw + total > base_ + length_) munmap(base_ + length_, static_cast<size_t>(raw + total - base_ - length_));
  addresses_ = std::make_shared<Addresses>(base_, length_);
  const int bound = options.numa_node < 0 ? 0 : PreferNode(base_, length_, options.numa_node);
  if (bound != 0 || !PopulateSafely(base_, length_, huge)) {
    huge_pages_error_ = bound != 0 ? bound : ENOMEM;
    Unmap();
    return false;
  }
  huge_pages_ = HugePages::kHugetlb;
  page_bytes_ = huge;
  return true;
}

bool Mapping::Bind(int numa_node, Refusal* refusal) {
  if (numa_node < 0) return true;
  const int error = PreferNode(base_, length_, numa_node);
  if (error == 0) return true;
  *refusal = {"mbind", error, -1};
  return false;
}

bool Mapping::LockPages(const MappingOptions& options, Refusal* refusal) {
  if (options.lock == Lock::kNo) return true;
  // A filter of system calls that is older than mlock2 refuses it: then all pages are locked now.
  locked_ = options.lock_on_fault && mlock2(base_, length_, MLOCK_ONFAULT) == 0;
  locked_ = locked_ || mlock(base_, length_) == 0;
  if (locked_) return true;
  lock_error_ = errno;
  if (options.lock == Lock::kTry) return true;
  *refusal = {"mlock", lock_error_, -1};
  return false;
}

int Mapping::NumaNode() const { return NodeOf(base_); }

long long Mapping::HugeBytes() const { return HugeBytesIn(base_, length_); }

}  // namespace copytax
