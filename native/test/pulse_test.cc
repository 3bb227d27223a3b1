#include "../cpu/pulse.h"

#include <algorithm>
#include <vector>

#include "../cpu/clock.h"
#include "../cpu/thread.h"
#include "check.h"

namespace copytax {

void TestPulse(Random&) {
  Clock& clock = Clock::Get();
  std::vector<double> pulses;
  double shortest = 1e9;
  for (int i = 0; i < 1000; i++) {
    const double begin = clock.Now();
    pulses.push_back(Pulse());
    shortest = std::min(shortest, clock.Now() - begin);
  }
  const auto [low, high] = std::minmax_element(pulses.begin(), pulses.end());
  // No CPU has a clock of 10 GHz: a compiler has shortened the loop when this one seems to.
  CHECK(*low > 0.1 && *high < 50);
  // Long enough that the clock resolves it, short enough to go beside every sample.
  CHECK(shortest > 2e3 && shortest < 1e6);
  for (const int cpu : ThreadAffinity()) {
    const PulseResult pulse = PulseOn(cpu);
    CHECK(pulse.error == 0 && pulse.call == nullptr && pulse.ns > 0.1);
  }
  const PulseResult refused = PulseOn(kMaxCpus);
  CHECK(refused.error != 0 && refused.call != nullptr && refused.ns == -1);
}

}  // namespace copytax
