#include "cache_line.h"

#include <pthread.h>
#include <sched.h>

#include <atomic>

#include "clock.h"
#include "thread.h"

namespace copytax {
namespace {

constexpr double kGiveUpNs = 2e9;
constexpr int kSpinsPerCheck = 4096;

struct Table {
  alignas(64) std::atomic<uint32_t> ball{0};  // even: player A has it, odd: player B
  alignas(64) std::atomic<int> ready{0};
  std::atomic<bool> stop{false};
  std::atomic<int> error{0};
};

struct Player {
  Table* table;
  int cpu;
  uint32_t parity;
  int iterations;
  double ns = -1;
};

/// Waits until the ball shows `value`. Returns false when told to stop, or when it takes too long.
bool Await(Table* table, uint32_t value, double deadline) {
  for (int spins = 1; table->ball.load(std::memory_order_acquire) != value; spins++) {
    if (spins % kSpinsPerCheck != 0) continue;
    if (table->stop.load(std::memory_order_relaxed) || Clock::Get().Now() > deadline) return false;
    sched_yield();  // on a host that runs both CPUs on one, the other player needs the time
  }
  return true;
}

bool Rally(Player* player) {
  Table* table = player->table;
  const double deadline = Clock::Get().Now() + kGiveUpNs;
  table->ready++;
  while (table->ready.load() < 2) {
    if (table->stop.load() || Clock::Get().Now() > deadline) return false;
    sched_yield();
  }
  const double begin = Clock::Get().Now();
  for (int i = 0; i < player->iterations; i++) {
    const uint32_t mine = 2 * static_cast<uint32_t>(i) + player->parity;
    if (!Await(table, mine, deadline)) return false;
    table->ball.store(mine + 1, std::memory_order_release);
  }
  player->ns = (Clock::Get().Now() - begin) / player->iterations;
  return true;
}

void* Play(void* argument) {
  Player* player = static_cast<Player*>(argument);
  const int error = PinThread(player->cpu);
  if (error != 0) player->table->error.store(error);
  if (error != 0 || !Rally(player)) player->table->stop.store(true);
  return nullptr;
}

}  // namespace

RoundTrip CacheLineRoundTrip(int cpu_a, int cpu_b, int iterations) {
  Table table;
  Player a = {&table, cpu_a, 0, iterations}, b = {&table, cpu_b, 1, iterations};
  RoundTrip result;
  pthread_t thread_a, thread_b;
  Clock::Get();  // calibrates before the game, not in it
  result.call = "pthread_create";
  result.error = pthread_create(&thread_a, nullptr, Play, &a);
  if (result.error != 0) return result;
  result.error = pthread_create(&thread_b, nullptr, Play, &b);
  if (result.error != 0) table.stop.store(true);
  pthread_join(thread_a, nullptr);
  if (result.error != 0) return result;
  pthread_join(thread_b, nullptr);
  result.error = table.error.load();
  result.call = result.error == 0 ? nullptr : "sched_setaffinity";
  if (!table.stop.load()) result.ns = a.ns;
  return result;
}

}  // namespace copytax
