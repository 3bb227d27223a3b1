#include "timed_copy.h"

namespace copytax {

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
