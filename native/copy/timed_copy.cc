#include "timed_copy.h"

#include <algorithm>

#include "cache_flush.h"

namespace copytax {
namespace {

constexpr size_t kLine = 64;

/// The positions of one walk: 0, step, 2 * step ... as long as `bytes` fit, then again from 0.
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
  const Walk walk_;
  const size_t bytes_;
  const size_t step_;
  size_t at_ = 0;
};

}  // namespace

void RunTimedCopy(const TimedCopy& spec, double* ns) {
  const Clock& clock = Clock::Get();
  Cycle to(spec.to, spec.bytes);
  Cycle from(spec.from, spec.bytes);
  for (size_t sample = 0; sample < spec.samples; sample++) {
    to.FlushAhead(spec.batch);
    from.FlushAhead(spec.batch);
    Clock::AwaitStores();
    const uint64_t begin = clock.TicksAfter();
    for (size_t i = 0; i < spec.batch; i++) spec.copy(to.Next(), from.Next(), spec.bytes);
    Clock::AwaitStores();
    ns[sample] = clock.NsOf(clock.TicksAfter() - begin);
  }
}

}  // namespace copytax
