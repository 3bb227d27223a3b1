// What is below Node-API, without Node, so that sanitizers see all of it. Argument: a seed.
#include <cstdlib>

#include "check.h"

int main(int argc, char** argv) {
  using namespace copytax;
  const uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 0) : std::random_device{}();
  printf("seed %llu\n", static_cast<unsigned long long>(seed));
  fflush(stdout);
  struct Test {
    const char* name;
    void (*run)(Random&);
  };
  constexpr Test kTests[] = {
      {"crc32c", TestCrc32c},      {"kernels", TestKernels}, {"mapping", TestMapping}, {"regions", TestRegions},
      {"work list", TestWorkList}, {"clock", TestClock},     {"cgroups", TestCgroups}, {"timed copy", TestTimedCopy},
  };
  for (const Test& test : kTests) {
    Random random(seed);
    test.run(random);
    printf("ok %s\n", test.name);
    fflush(stdout);
  }
  return 0;
}
