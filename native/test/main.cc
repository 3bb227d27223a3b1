// Tests everything below Node-API, without Node, so that sanitizers see all of it. Arguments: a seed, and the number of
// iterations of the stress of publication.
#include <cstdlib>
#include <functional>

#include "check.h"

int main(int argc, char** argv) {
  using namespace copytax;
  const uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 0) : std::random_device{}();
  printf("seed %llu\n", static_cast<unsigned long long>(seed));
  fflush(stdout);
  const uint64_t iterations = argc > 2 ? strtoull(argv[2], nullptr, 0) : 500000;
  struct Test {
    const char* name;
    std::function<void(Random&)> run;
  };
  const Test tests[] = {
      {"crc32c", TestCrc32c},
      {"copy kernels", TestCopyKernels},
      {"mapping", TestMapping},
      {"regions", TestRegions},
      {"work list", TestWorkList},
      {"clock", TestClock},
      {"control groups", TestCgroups},
      {"memory encryption", TestConfidential},
      {"CPU flags", TestCpuFlags},
      {"caches by CPUID", TestCpuidCaches},
      {"timed copy", TestTimedCopy},
      {"network", TestNet},
      {"endpoints", TestEndpoints},
      {"completions", TestCompletions},
      {"links", TestLinks},
      {"counters", TestCounters},
      {"events of counters", TestCounterEvents},
      {"software counters", TestSoftwareCounters},
      {"pulse", TestPulse},
      {"pointer chase", TestPointerChase},
      {"publication", [iterations](Random& random) { StressPublication(random, iterations); }},
  };
  for (const Test& test : tests) {
    Random random(seed);
    test.run(random);
    printf("ok %s\n", test.name);
    fflush(stdout);
  }
  return 0;
}
