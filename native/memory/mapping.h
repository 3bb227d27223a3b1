// One private anonymous mapping that is backed by real pages before it is handed out, unless that is not wanted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace copytax {

enum class Lock { kNo = 0, kTry = 1, kMust = 2 };
enum class HugePages { kNever = 0, kThp = 1, kHugetlb = 2 };

struct MappingOptions {
  size_t bytes;  // rounded up to the page size
  size_t align;  // power of two
  Lock lock;
  HugePages huge_pages;
  int numa_node;  // -1: Linux chooses
  /// False writes nothing and leaves each page to its first access, which faults. A lock populates all the same, and so
  /// does hugetlb, whose missing pages would raise SIGBUS.
  bool populate = true;
  /// True lets a lock populate nothing: each page is locked at its first access. For memory that WritePages populates.
  bool lock_on_fault = false;
};

/// The system call that failed, and why. `call` is null when none did.
struct Refusal {
  const char* call = nullptr;
  int error = 0;
  long long available_bytes = -1;  // not -1 when there is less than was asked for
};

/// A range of addresses of this process, reserved from mmap until the last owner goes: what a mapping and all buffers
/// over it own together. Any thread.
class Addresses {
 public:
  Addresses(char* start, size_t length) : start_(start), length_(length) {}
  ~Addresses();
  Addresses(const Addresses&) = delete;
  Addresses& operator=(const Addresses&) = delete;

  /// Reserves them for the life of the process: a script may still hold a buffer over them.
  void KeepForever() { kept_.store(true); }
  bool kept() const { return kept_.load(); }
  /// Gives the memory behind them back. They read as zeros from now on, and can be written. `base` and `bytes` name
  /// what was usable before.
  void Empty(char* base, size_t bytes);

 private:
  char* const start_;
  const size_t length_;
  std::atomic<bool> kept_{false};
};

/// Memory. Where others own its addresses as well, it is given back without them, so that a user of one neither
/// faults, nor meets other memory.
class Mapping {
 public:
  /// Returns null when refused. Lock::kTry and HugePages::kHugetlb never refuse: they fall back and remember why.
  static std::shared_ptr<Mapping> Create(const MappingOptions& options, Refusal* refusal);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  /// Makes the pages of a range real, and different from every other page of the process, as `populate` does with all:
  /// in slices, a thread can do something else meanwhile. `offset`: a multiple of 8; what is beyond the end is left
  /// out.
  void WritePages(size_t offset, size_t bytes);

  /// The addresses, to be owned beyond the memory.
  const std::shared_ptr<Addresses>& addresses() const { return addresses_; }
  char* base() const { return base_; }
  size_t bytes() const { return bytes_; }
  size_t align() const { return align_; }
  bool locked() const { return locked_; }
  int lock_error() const { return lock_error_; }
  HugePages huge_pages() const { return huge_pages_; }
  /// errno of the refused hugetlb mapping, 0 when none was asked for or it was granted.
  int huge_pages_error() const { return huge_pages_error_; }
  /// Size of the pages that the mapping asked for, bytes (Linux may have given smaller ones: see HugeBytes).
  size_t page_bytes() const { return page_bytes_; }
  /// Node of the first page, -1 when Linux does not say.
  int NumaNode() const;
  /// Bytes that huge pages back right now, -1 when Linux does not say. Reads a file: cold.
  long long HugeBytes() const;

 private:
  Mapping() = default;
  bool Reserve(size_t placement, Refusal* refusal);
  bool MapHugetlb(const MappingOptions& options);
  bool MapOrdinary(const MappingOptions& options, Refusal* refusal);
  bool Bind(int numa_node, Refusal* refusal);
  bool LockPages(const MappingOptions& options, Refusal* refusal);
  void Unmap();

  char* base_ = nullptr;
  size_t bytes_ = 0;
  size_t align_ = 0;
  uint64_t number_ = 0;  // of this mapping among all of the process, for its contents
  size_t length_ = 0;    // what is mapped: bytes_ rounded up to page_bytes_
  size_t page_bytes_ = 0;
  bool locked_ = false;
  int lock_error_ = 0;
  HugePages huge_pages_ = HugePages::kNever;
  int huge_pages_error_ = 0;
  std::shared_ptr<Addresses> addresses_;  // of the mapping, and of what is reserved around it
};

/// RLIMIT_MEMLOCK of this process, bytes; -1 for unlimited.
long long LockLimitBytes();

}  // namespace copytax
