#include "../cpu/clock.h"

#include <cmath>
#include <thread>
#include <vector>

#include "check.h"

namespace copytax {

constexpr double kJitterNs = 1000;  // see Clock::Since

void TestClock(Random&) {
  Clock& clock = Clock::Get();
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; t++) {
    threads.emplace_back([&clock] {
      const uint64_t begin_real = Clock::MonotonicNs();
      const double begin = clock.Now();
      double last = begin;
      // Long enough that the clock is disciplined a few times, by one thread while the others read.
      while (Clock::MonotonicNs() - begin_real < 350'000'000) {
        const double now = clock.DisciplinedNow();
        CHECK(now >= last - kJitterNs);
        last = now;
      }
      const double real = static_cast<double>(Clock::MonotonicNs() - begin_real);
      CHECK(std::fabs((clock.Now() - begin) - real) < 2e6 + 0.001 * real);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(clock.NsOf(0) == 0 && clock.TicksPerSecond() > 1e6);
}

}  // namespace copytax
