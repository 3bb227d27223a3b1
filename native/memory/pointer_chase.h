// How long a load takes that needs the result of the one before it, by how much memory the loads are spread over: what
// caches there are shows in where that time rises, whatever firmware or a hypervisor says of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace copytax {

constexpr size_t kChaseLine = 64;
constexpr size_t kMinChaseBytes = 4096;
constexpr size_t kMaxChaseBytes = size_t{1} << 30;

/// A cycle through the lines of the first part of some memory: each line holds the place of the next. The lines of 64
/// KiB come in random order one after another, in a few stretches, and then those of others: no prefetcher can follow,
/// and with small pages few loads need a new translation. The part grows and shrinks at the cost of what changes.
/// Owner: one thread.
class ChaseCycle {
 public:
  /// `bytes`: a power of two from kMinChaseBytes to kMaxChaseBytes; `base` is a multiple of kChaseLine.
  ChaseCycle(char* base, size_t bytes);

  /// Makes the cycle one of all lines of the first `span` bytes: a multiple of kChaseLine, not 0, at most the memory.
  void Resize(size_t span);

  /// Loads each line of the cycle in the order of addresses, which is fast.
  void Touch() const;

  /// Follows the cycle for `loads` loads from the place `at`, and returns the place that is reached. Whatever the
  /// memory holds, no load is outside of it.
  uint64_t Walk(uint64_t at, size_t loads) const;

  size_t lines() const { return lines_; }

 private:
  uint64_t& LinkOf(size_t line) const { return *reinterpret_cast<uint64_t*>(base_ + line * kChaseLine); }
  void InsertLine();
  void RemoveLine();
  void LinkWindow();
  void UnlinkWindow();

  char* base_;
  uint64_t mask_;
  size_t lines_ = 0;
  std::vector<size_t> tails_;   // for each window the line from which its cycle goes on in another
  std::vector<bool> complete_;  // for each window whether its lines are linked with each other, in or out of the cycle
};

struct Chase {
  char* base;
  size_t bytes;               // as of ChaseCycle
  std::vector<size_t> spans;  // what is measured, in this order
  size_t loads;               // timed in each
  double limit_ns;            // no span is begun later than this after the start
  int cpu;
};

struct ChaseResult {
  std::vector<double> ns;      // of one load, for each span that was measured
  const char* call = nullptr;  // the call that failed, with its errno
  int error = 0;
};

/// Measures on a thread of its own, pinned to the CPU, and waits for it. Overwrites the memory. Before each span is
/// timed, all of it is touched.
ChaseResult RunChase(const Chase& chase);

}  // namespace copytax
