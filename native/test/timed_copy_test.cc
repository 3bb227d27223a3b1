#include "../copy/timed_copy.h"

#include <cstring>
#include <vector>

#include "../cpu/cache_line.h"
#include "../cpu/thread.h"
#include "check.h"

namespace copytax {

void TestTimedCopy(Random& random) {
  for (int i = 0; i < 300; i++) {
    const size_t bytes = Below(random, 2000);
    // Exactly the spans, so that the address sanitizer sees a walk beyond its end.
    std::vector<char> to(bytes + Below(random, 5000) + 1), from(bytes + Below(random, 5000) + 1, 7);
    const size_t batch = 1 + Below(random, 50);
    std::vector<double> ns(1 + Below(random, 5), -1);
    const TimedCopy spec = {CopyKernels()[i % 2 == 0 ? 0 : 7].copy,
                            {to.data(), to.size(), Below(random, 2) == 0},
                            {from.data(), from.size(), Below(random, 2) == 0},
                            bytes,
                            batch,
                            ns.size()};
    RunTimedCopy(spec, ns.data());
    for (const double sample : ns) CHECK(sample >= 0);
    CHECK(bytes == 0 || memcmp(to.data(), from.data(), bytes) == 0);
  }
  const std::vector<int> cpus = ThreadAffinity();
  CHECK(!cpus.empty() && PinThread(-1) != 0 && PinThread(kMaxCpus) != 0);
  const RoundTrip trip = CacheLineRoundTrip(cpus.front(), cpus.back(), 200);
  CHECK(trip.error == 0 && (trip.ns > 0 || trip.ns == -1));
  CHECK(CacheLineRoundTrip(cpus.front(), kMaxCpus, 200).error != 0);
  CHECK(UsageOfThread().user_ns >= 0);
}

}  // namespace copytax
