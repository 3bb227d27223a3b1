#include "pulse.h"

#include <pthread.h>

#include <algorithm>

#include "clock.h"
#include "thread.h"

namespace copytax {
namespace {

/// An interrupt, or the first run of the loop, spoils one or two chunks and leaves their median alone.
constexpr int kChunks = 5;
/// A chunk takes about 8,000 cycles: 2.7 us at 3 GHz, long beside the tick of the slowest counter (40 ns).
constexpr int kRounds = 2000;
constexpr int kStepsPerRound = 4;

/// Makes the compiler forget what it knows of the value, so that it can neither shorten the chain nor make a vector of
/// the chains.
inline void Forget(unsigned long& value) { asm volatile("" : "+r"(value)); }

inline void Add(unsigned long& value, unsigned long constant) {
  value += constant;
  Forget(value);
}

inline void Flip(unsigned long& value, unsigned long constant) {
  value ^= constant;
  Forget(value);
}

/// Four chains side by side: each step depends on the one before it in its chain, so that the clock of the CPU shows,
/// and four in a cycle are as many as most CPUs can begin, so that a sibling thread that takes some of them shows, too.
/// A single chain would leave it enough room to go unnoticed.
void RunChunk() {
  unsigned long a = 1, b = 2, c = 3, d = 4, constant = 0x4c957f2d;
  Forget(a), Forget(b), Forget(c), Forget(d), Forget(constant);
  for (int round = 0; round < kRounds; round++) {
    Add(a, constant), Add(b, constant), Add(c, constant), Add(d, constant);
    Flip(a, constant), Flip(b, constant), Flip(c, constant), Flip(d, constant);
    Add(a, constant), Add(b, constant), Add(c, constant), Add(d, constant);
    Flip(a, constant), Flip(b, constant), Flip(c, constant), Flip(d, constant);
  }
}

struct Order {
  int cpu;
  PulseResult result;
};

void* Obey(void* argument) {
  Order* order = static_cast<Order*>(argument);
  order->result.error = PinThread(order->cpu);
  if (order->result.error == 0) {
    order->result.ns = Pulse();
  } else {
    order->result.call = "sched_setaffinity";
  }
  return nullptr;
}

}  // namespace

double Pulse() {
  const Clock& clock = Clock::Get();
  uint64_t ticks[kChunks];
  for (uint64_t& chunk : ticks) {
    const uint64_t begin = clock.TicksAfter();
    RunChunk();
    chunk = clock.TicksAfter() - begin;
  }
  std::nth_element(ticks, ticks + kChunks / 2, ticks + kChunks);
  return clock.NsOf(ticks[kChunks / 2]) / (kRounds * kStepsPerRound);
}

PulseResult PulseOn(int cpu) {
  Order order = {cpu, {}};
  pthread_t thread;
  Clock::Get();  // calibrates before the pulse, not in it
  const int error = pthread_create(&thread, nullptr, Obey, &order);
  if (error != 0) return {-1, "pthread_create", error};
  pthread_join(thread, nullptr);
  return order.result;
}

}  // namespace copytax
