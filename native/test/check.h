// All that a test program needs: a check that says where it failed, and random numbers with a seed, to repeat them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

#define CHECK(condition)                                                            \
  do {                                                                              \
    if (!(condition)) {                                                             \
      fprintf(stderr, "%s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #condition); \
      abort();                                                                      \
    }                                                                               \
  } while (false)

namespace copytax {

using Random = std::mt19937_64;

inline size_t Below(Random& random, size_t bound) { return static_cast<size_t>(random() % bound); }

// One per file of tests of this folder.
void TestCrc32c(Random& random);
void TestCopyKernels(Random& random);
void TestMapping(Random& random);
void TestRegions(Random& random);
void TestWorkList(Random& random);
void TestClock(Random& random);
void TestCgroups(Random& random);
void TestConfidential(Random& random);
void TestCpuFlags(Random& random);
void TestCpuidCaches(Random& random);
void TestTimedCopy(Random& random);
void TestNet(Random& random);
void TestEndpoints(Random& random);
void TestCompletions(Random& random);
void TestLinks(Random& random);
void TestCounters(Random& random);
void TestCounterEvents(Random& random);
void TestSoftwareCounters(Random& random);
void TestPulse(Random& random);
void TestPointerChase(Random& random);
void StressPublication(Random& random, uint64_t iterations);

}  // namespace copytax
