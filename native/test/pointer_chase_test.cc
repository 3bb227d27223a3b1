#include "../memory/pointer_chase.h"

#include <cstdlib>
#include <memory>

#include "../cpu/thread.h"
#include "check.h"

namespace copytax {
namespace {

struct Free {
  void operator()(char* memory) const { free(memory); }
};

/// Whether the walk visits each line of the part once, and then is where it began.
bool IsOneCycle(const ChaseCycle& cycle) {
  std::vector<bool> seen(cycle.lines());
  uint64_t at = 0;
  for (size_t i = 0; i < cycle.lines(); i++) {
    at = cycle.Walk(at, 1);
    if (at % kChaseLine != 0 || at / kChaseLine >= cycle.lines() || seen[at / kChaseLine]) return false;
    seen[at / kChaseLine] = true;
  }
  return at == 0;
}

}  // namespace

void TestPointerChase(Random& random) {
  constexpr size_t kBytes = size_t{1} << 19;
  // Exactly the bytes, so that the address sanitizer sees a load beyond them.
  const std::unique_ptr<char, Free> memory(static_cast<char*>(aligned_alloc(kChaseLine, kBytes)));
  ChaseCycle cycle(memory.get(), kBytes);
  for (int i = 0; i < 300; i++) {
    // Whole windows are linked in another way than single lines.
    const size_t unit = i % 3 == 0 ? 65536 : kChaseLine;
    cycle.Resize(unit * (1 + Below(random, kBytes / unit)));
    CHECK(IsOneCycle(cycle));
    cycle.Touch();
  }
  // Places that anybody wrote are followed within the memory.
  uint64_t* const words = reinterpret_cast<uint64_t*>(memory.get());
  for (size_t i = 0; i < kBytes / sizeof *words; i++) words[i] = random();
  cycle.Walk(random(), 10007);

  const int cpu = ThreadAffinity().front();
  const ChaseResult result = RunChase({memory.get(), kBytes, {4096, kBytes, 64, 12288}, 1000, 1e10, cpu});
  CHECK(result.error == 0 && result.ns.size() == 4);
  // No CPU loads in less than a cycle of 10 GHz.
  for (const double ns : result.ns) CHECK(ns > 0.1 && ns < 1e6);
  CHECK(RunChase({memory.get(), kBytes, {4096}, 1000, -1, cpu}).ns.empty());
  CHECK(RunChase({memory.get(), kBytes, {4096}, 1000, 1e10, kMaxCpus}).error != 0);
}

}  // namespace copytax
