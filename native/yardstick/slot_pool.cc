// The yardstick of the slot allocator: the requests of benchmarks/slot-pool/slot-loop.ts, to an allocator with Linux's
// books.
//
//   slot_pool CPU[,CPU...]
//
// Reads requests from stdin, one a line, and writes one line for each to stdout; ends at the end of its input.
//
//   open NAME SLOTS AREAS HOLE PERCENT SEED   a slot pool of which PERCENT are taken, with holes of HOLE slots
//     -> USED                                 slots that are taken
//   run NAME THREADS BYTES WARMUP COUNT       after WARMUP times, COUNT times: each thread takes BYTES and gives them
//   back
//     -> NS PROOF                             from the first start to the last end; what was decided
#include "slot_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using copytax::Device;
using copytax::kNoAddress;
using copytax::kSlotBytes;
using copytax::SlotPool;

// As in benchmarks/slot-pool/slot-loop.ts: both must make the same decisions.
constexpr uint64_t kStart = 0x4000000;
constexpr uint64_t kOrigin = uint64_t{1} << 32;
constexpr uint64_t kOriginStep = 1u << 20;

[[noreturn]] void Fail(const std::string& why) {
  fprintf(stderr, "slot_pool: %s\n", why.c_str());
  exit(2);
}

void Pin(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  if (sched_setaffinity(0, sizeof one, &one) == 0) return;
  // Where a seccomp filter lets no thread be pinned, the threads that it is compared with are not pinned either.
  if (errno != EPERM && errno != EACCES && errno != ENOSYS) Fail("cannot run on CPU " + std::to_string(cpu));
}

uint64_t NowNs() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

/// Marsaglia's xorshift, with the shifts of benchmarks/slot-pool/slot-loop.ts.
class Xorshift {
 public:
  explicit Xorshift(uint32_t seed) : state_(seed) {}
  uint32_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

 private:
  uint32_t state_;
};

/// A slot pool with holes: takes everything in units of a hole, then frees as many units in each area, drawn by a seed.
std::unique_ptr<SlotPool> Occupied(uint32_t slots, uint32_t areas, uint32_t hole, uint32_t percent, uint32_t seed) {
  auto pool = std::make_unique<SlotPool>(kStart, slots, areas);
  if (percent == 0) return pool;
  const Device device;
  for (uint32_t slot = 0; slot < slots; slot += hole) pool->Alloc(device, kOrigin, hole * kSlotBytes, 0, 0);
  const uint32_t units = pool->area_slots() / hole;
  Xorshift random(seed);
  for (uint32_t area = 0; area < areas; area++) {
    std::vector<uint32_t> order(units);
    std::iota(order.begin(), order.end(), 0);
    for (uint32_t i = 0; i < units - units * percent / 100; i++) {
      std::swap(order[i], order[i + random.Next() % (units - i)]);
      pool->Free(device, pool->AddressOf(area * pool->area_slots() + order[i] * hole));
    }
  }
  return pool;
}

/// What one thread measured: the clock before and after its loop, and a hash of the slots that it was given.
struct Times {
  uint64_t begin;
  uint64_t end;
  uint32_t proof;
};

uint32_t Pairs(SlotPool& pool, uint32_t cpu, uint64_t bytes, uint32_t count) {
  const Device device;
  const uint64_t origin = kOrigin + cpu * kOriginStep;
  uint32_t proof = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t address = pool.Alloc(device, origin, bytes, 0, cpu);
    if (address == kNoAddress) Fail("the slot pool has no room for the request that is measured");
    proof = proof * 31 + pool.SlotOf(address);
    pool.Free(device, address);
  }
  return proof;
}

/// What `run` asks for: each thread makes `warmup` pairs of an allocation and a free, and then `count` that are timed.
struct Plan {
  uint32_t threads;
  uint64_t bytes;
  uint32_t warmup;
  uint32_t count;
};

std::string Run(SlotPool& pool, const std::vector<int>& cpus, const Plan& plan) {
  const uint32_t threads = plan.threads;
  std::vector<Times> times(threads);
  std::atomic<uint32_t> arrived{0};
  std::vector<std::thread> running;
  for (uint32_t cpu = 0; cpu < threads; cpu++) {
    running.emplace_back([&, cpu] {
      Pin(cpus[cpu % cpus.size()]);
      Pairs(pool, cpu, plan.bytes, plan.warmup);
      arrived++;
      while (arrived < threads) sched_yield();
      const uint64_t begin = NowNs();
      const uint32_t proof = Pairs(pool, cpu, plan.bytes, plan.count);
      times[cpu] = {begin, NowNs(), proof};
    });
  }
  for (std::thread& thread : running) thread.join();
  uint64_t begin = UINT64_MAX, end = 0;
  uint32_t proof = 0;
  for (const Times& one : times) {
    begin = std::min(begin, one.begin);
    end = std::max(end, one.end);
    proof += one.proof;
  }
  return std::to_string(end - begin) + " " + std::to_string(proof);
}

std::vector<int> CpusOf(const char* list) {
  std::vector<int> cpus;
  for (char* end; *list != '\0'; list = *end == ',' ? end + 1 : end) {
    cpus.push_back(static_cast<int>(strtol(list, &end, 10)));
    if (end == list || (*end != '\0' && *end != ',')) Fail("CPUs must be numbers, separated by commas");
  }
  if (cpus.empty()) Fail("name a CPU");
  return cpus;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<int> cpus = CpusOf(argc == 2 ? argv[1] : "");
  std::map<std::string, std::unique_ptr<SlotPool>> pools;
  char line[512];
  while (fgets(line, sizeof line, stdin) != nullptr) {
    char name[256];
    unsigned a, b, c, d, e;
    std::string reply;
    if (sscanf(line, "open %255s %u %u %u %u %u", name, &a, &b, &c, &d, &e) == 6) {
      std::unique_ptr<SlotPool>& pool = pools[name] = Occupied(a, b, c, d, e);
      reply = std::to_string(pool->used());
    } else if (sscanf(line, "run %255s %u %u %u %u", name, &a, &b, &c, &d) == 5 && pools.count(name) > 0) {
      reply = Run(*pools[name], cpus, {a, b, c, d});
    } else {
      Fail(std::string("no such request: ") + line);
    }
    printf("%s\n", reply.c_str());
    fflush(stdout);
  }
  return 0;
}
