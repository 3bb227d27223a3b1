// The protocol that publishes a slot pool and hands out its addresses (test/ordering/programs/hand-over.ts), run by
// three threads: W makes slot pools and links them, M maps from them, U asks about the addresses that M gives out.
//
// On x86 this proves nothing about the fences: the CPU keeps stores in order and loads in order, so only a compiler
// could break the protocol there, and compilers rarely do. It takes a weakly ordered CPU to test them. What holds on
// any CPU is shown by the explorer in test/ordering and, for the accesses that are not atomic, by the thread sanitizer.
// The sanitizer does not know stand-alone fences: in its build the address is stored by a releasing and loaded by an
// acquiring operation instead, which orders less than the fences do; the explorer shows that this is enough.
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "../cpu/thread.h"
#include "check.h"

#if defined(__SANITIZE_THREAD__)
#define COPYTAX_NO_FENCES
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define COPYTAX_NO_FENCES
#endif
#endif

namespace copytax {
namespace {

enum Role { kWriter, kMapper, kUser, kThreads };
constexpr size_t kBatch = 256;  // instances between two barriers
constexpr int kSpins = 200;     // before the CPU is given away: there may be fewer CPUs than threads
constexpr uint64_t kNone = 0, kElsewhere = 1, kGarbage = ~uint64_t{0};
constexpr uint64_t kPoolBytes = 4096;

struct alignas(64) Pool {
  uint64_t start = kGarbage;
  uint64_t end = kGarbage;
  std::atomic<Pool*> next{nullptr};
};
template <typename T>
struct alignas(64) Word {
  std::atomic<T> value;
};

/// One of each for every instance, so that no instance sees what another left, and each on its own cache line.
struct Instances {
  Pool boot;
  Pool pools[kBatch];
  Word<Pool*> heads[kBatch];
  Word<uint32_t> flags[kBatch];
  Word<uint64_t> addresses[kBatch];
  Word<size_t> done[kThreads];  // instances that a role has finished; relaxed, so that it orders nothing
  uint32_t order[kBatch];
  size_t lead;  // how far a role may be ahead of the next
  bool full_fence;
  bool relaxed_walk;  // U acquires nothing but through the address (O5), and walks only if it has one

  void Renew(Random& random) {
    boot.start = kPoolBytes;
    boot.end = 2 * kPoolBytes;
    for (size_t i = 0; i < kBatch; i++) {
      pools[i].start = pools[i].end = kGarbage;
      heads[i].value.store(&boot, std::memory_order_relaxed);
      flags[i].value.store(0, std::memory_order_relaxed);
      addresses[i].value.store(kNone, std::memory_order_relaxed);
    }
    for (Word<size_t>& count : done) count.value.store(0, std::memory_order_relaxed);
    std::iota(order, order + kBatch, 0u);
    std::shuffle(order, order + kBatch, random);
    lead = Below(random, 16);
    full_fence = Below(random, 2) == 0;
    relaxed_walk = Below(random, 2) == 0;
  }
};

/// Gives the CPU away after every kSpins calls.
class Spinner {
 public:
  void Spin() {
    if (++spins_ % kSpins == 0) sched_yield();
  }

 private:
  int spins_ = 0;
};

class Barrier {
 public:
  void Wait() {
    const int round = round_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == kThreads) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    for (Spinner spinner; round_.load(std::memory_order_acquire) == round;) spinner.Spin();
  }

 private:
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<int> round_{0};
};

/// Gives an address away: docs/spec/tx-path.md#o3-flag-and-list-before-the-address
void Give(std::atomic<uint64_t>& word, uint64_t address, bool full_fence) {
#ifdef COPYTAX_NO_FENCES
  word.store(address, full_fence ? std::memory_order_seq_cst : std::memory_order_release);
#else
  std::atomic_thread_fence(full_fence ? std::memory_order_seq_cst : std::memory_order_release);
  word.store(address, std::memory_order_relaxed);
#endif
}

/// Takes an address: docs/spec/tx-path.md#o4-address-before-flag-and-list
uint64_t Take(const std::atomic<uint64_t>& word) {
#ifdef COPYTAX_NO_FENCES
  return word.load(std::memory_order_acquire);
#else
  const uint64_t address = word.load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  return address;
#endif
}

void Publish(Instances& all, size_t i) {
  Pool& pool = all.pools[i];
  pool.start = (i + 2) * kPoolBytes;
  pool.end = pool.start + kPoolBytes;
  pool.next.store(&all.boot, std::memory_order_relaxed);
  all.heads[i].value.store(&pool, std::memory_order_release);
}

/// Returns false when there is no slot pool yet.
bool Map(Instances& all, size_t i, uint64_t offset) {
  const Pool* pool = all.heads[i].value.load(std::memory_order_acquire);
  if (pool == &all.boot) return false;
  CHECK(pool->start != kGarbage);
  all.flags[i].value.store(1, std::memory_order_relaxed);
  Give(all.addresses[i].value, pool->start + offset, all.full_fence);
  return true;
}

/// Returns false when there is no address yet.
bool LookUp(const Instances& all, size_t i) {
  uint64_t address = Take(all.addresses[i].value);
  const bool is_bounce = address != kNone;
  if (!is_bounce && all.relaxed_walk) return false;
  if (all.flags[i].value.load(std::memory_order_relaxed) == 0) {
    CHECK(!is_bounce);
    return false;
  }
  if (!is_bounce) address = kElsewhere;
  const std::memory_order order = all.relaxed_walk ? std::memory_order_relaxed : std::memory_order_acquire;
  const Pool* pool = all.heads[i].value.load(order);
  while (pool != nullptr && !(pool->start <= address && address < pool->end)) {
    CHECK(pool->start != kGarbage && pool->end != kGarbage);
    pool = pool->next.load(order);
  }
  CHECK(is_bounce ? pool == &all.pools[i] : pool == nullptr);
  return is_bounce;
}

/// Runs a role's part of a batch and returns how often `act` succeeded. Half of the time `act` is tried until it
/// succeeds, which meets the stores of another thread as they arrive, and half of the time once, so that the CPU may
/// load early.
template <typename Act>
uint64_t ForEach(Instances& all, Role role, Random& random, Act act) {
  uint64_t successes = 0;
  for (size_t done = 0; done < kBatch; done++) {
    const auto is_done_by = [&](Role other) { return all.done[other].value.load(std::memory_order_relaxed) > done; };
    Spinner spinner;
    while (role != kUser && all.done[role + 1].value.load(std::memory_order_relaxed) + all.lead < done) spinner.Spin();
    const uint64_t draw = random();
    for (volatile uint64_t delay = draw % 64; delay > 0;) delay = delay - 1;
    const size_t i = all.order[done];
    bool succeeded = act(i, draw >> 32);
    // The role before this one may have failed once, and gone on. Then there is nothing to wait for.
    while (!succeeded && (draw >> 16) % 2 == 0 && !is_done_by(static_cast<Role>(role - 1))) {
      spinner.Spin();
      succeeded = act(i, draw >> 32);
    }
    successes += succeeded;
    all.done[role].value.store(done + 1, std::memory_order_relaxed);
  }
  return successes;
}

}  // namespace

void StressPublication(Random& random, uint64_t iterations) {
  const std::vector<int> cpus = ThreadAffinity();
  const auto all = std::make_unique<Instances>();
  Barrier barrier;
  uint64_t found = 0;
  const uint64_t seed = random();
  const auto run = [&](Role role) {
    Random mine(seed + static_cast<uint64_t>(role));
    for (uint64_t batch = 0; batch * kBatch < iterations; batch++) {
      // With fewer than three CPUs, each role shares a CPU with each other role in turn. A refused pin does not matter.
      if (!cpus.empty()) PinThread(cpus[(static_cast<uint64_t>(role) + batch) % cpus.size()]);
      if (role == kWriter) all->Renew(mine);
      barrier.Wait();
      if (role == kWriter) {
        ForEach(*all, role, mine, [&](size_t i, uint64_t) { return Publish(*all, i), true; });
      } else if (role == kMapper) {
        ForEach(*all, role, mine, [&](size_t i, uint64_t draw) { return Map(*all, i, draw % kPoolBytes); });
      } else {
        found += ForEach(*all, role, mine, [&](size_t i, uint64_t) { return LookUp(*all, i); });
      }
      barrier.Wait();
    }
  };
  std::vector<std::thread> threads;
  for (const Role role : {kWriter, kMapper, kUser}) threads.emplace_back(run, role);
  for (std::thread& thread : threads) thread.join();
  CHECK(found > 0);
}

}  // namespace copytax
