// Copies in a native loop, timed by the batch: the cost of a crossing per copy would hide that of a short copy.
#pragma once

#include <cstddef>

#include "../cpu/clock.h"
#include "kernels.h"

namespace copytax {

struct Walk {
  char* base;
  size_t span;  // at least the bytes of one copy; the walk starts again where the next copy would not fit
  bool flush;   // evict what the next batch touches, before it is timed
};

struct TimedCopy {
  CopyFunction copy;
  Walk to;
  Walk from;
  size_t bytes;  // of one copy; steps are this rounded up to 64, so that no two copies share a line
  size_t batch;  // copies per sample
  size_t samples;
};

/// Writes the nanoseconds of each batch to ns[0 .. samples). The walks go on from sample to sample.
void RunTimedCopy(const TimedCopy& spec, double* ns);

}  // namespace copytax
