// A walk through a span: where each of many copies of one size begins.
#pragma once

#include <algorithm>
#include <cstddef>

#include "cache_flush.h"

namespace copytax {

struct Walk {
  char* base;
  size_t span;  // at least the bytes of one copy; the walk starts again where the next copy would not fit
  bool flush;   // evict what the next batch touches, before it is timed
};

/// The positions of one walk: 0, step, 2 * step ... as long as `bytes` fit, then again from 0. Steps are `bytes`
/// rounded up to 64, so that no two copies share a line.
class Cycle {
 public:
  Cycle(const Walk& walk, size_t bytes)
      : walk_(walk), bytes_(bytes), step_(std::max((bytes + kLine - 1) / kLine * kLine, kLine)) {}

  char* Next() {
    if (at_ > walk_.span - bytes_) at_ = 0;
    char* here = walk_.base + at_;
    at_ += step_;
    return here;
  }

  /// Evicts what the next `count` calls of Next() will return, and leaves the position alone.
  void FlushAhead(size_t count) const {
    if (!walk_.flush) return;
    if (count >= walk_.span / step_) {
      FlushRange(walk_.base, walk_.span);
      return;
    }
    Cycle ahead = *this;
    for (size_t i = 0; i < count; i++) FlushRange(ahead.Next(), bytes_);
  }

 private:
  static constexpr size_t kLine = 64;
  const Walk walk_;
  const size_t bytes_;
  const size_t step_;
  size_t at_ = 0;
};

}  // namespace copytax
