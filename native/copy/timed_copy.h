// Copies in a native loop, timed by the batch: the cost of a crossing per copy would hide that of a short copy.
#pragma once

#include <cstddef>

#include "../cpu/clock.h"
#include "../cpu/counters.h"
#include "cycle.h"
#include "kernels.h"

namespace copytax {

struct TimedCopy {
  CopyFunction copy;
  Walk to;
  Walk from;
  size_t bytes;  // of one copy
  size_t batch;  // copies per sample
  size_t samples;
};

/// What counters count beside the time of each batch. They are read before the clock is, and after it.
struct CountedCopy {
  Counters* counters;
  CounterReading* counted;  // of each sample, one for each open counter
};

/// Writes the nanoseconds of each batch to ns[0 .. samples). The walks go on from sample to sample. `counted` may be
/// null.
void RunTimedCopy(const TimedCopy& spec, double* ns, const CountedCopy* counted = nullptr);

}  // namespace copytax
