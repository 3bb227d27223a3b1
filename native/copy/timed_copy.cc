#include "timed_copy.h"

#include <vector>

namespace copytax {

void RunTimedCopy(const TimedCopy& spec, double* ns, const CountedCopy* counted) {
  const Clock& clock = Clock::Get();
  Cycle to(spec.to, spec.bytes);
  Cycle from(spec.from, spec.bytes);
  const size_t rows = counted == nullptr ? 0 : counted->counters->names().size();
  std::vector<CounterReading> before(rows);
  const auto timed = [&](size_t copies) {
    Clock::AwaitStores();
    const uint64_t begin = clock.TicksAfter();
    for (size_t i = 0; i < copies; i++) spec.copy(to.Next(), from.Next(), spec.bytes);
    Clock::AwaitStores();
    return clock.NsOf(clock.TicksAfter() - begin);
  };
  if (rows > 0) counted->counters->LearnEmpty([&] { timed(0); });
  for (size_t sample = 0; sample < spec.samples; sample++) {
    to.FlushAhead(spec.batch);
    from.FlushAhead(spec.batch);
    if (rows > 0) counted->counters->Read(before.data());
    ns[sample] = timed(spec.batch);
    if (rows > 0) counted->counters->Since(before.data(), counted->counted + sample * rows);
  }
}

}  // namespace copytax
