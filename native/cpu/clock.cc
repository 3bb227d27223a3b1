#include "clock.h"

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "../cpuid/cpu_flags.h"

namespace copytax {
namespace {

constexpr uint64_t kCalibrationNs = 10'000'000;
constexpr double kDisciplineNs = 100e6;
/// Errors beyond this are jumped over (forward only), smaller ones are slewed away within a second.
constexpr double kStepNs = 1e6;

/// Linux compares the counters of all CPUs with each other. False when it found that they cannot be used as a clock.
bool LinuxTrustsCounter() {
  FILE* file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
  if (file == nullptr) return true;
  char name[64] = "";
  const bool read = fgets(name, sizeof name, file) != nullptr;
  fclose(file);
  if (!read) return true;
  for (const char* bad : {"hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"}) {
    if (strncmp(name, bad, strlen(bad)) == 0) return false;
  }
  return true;
}

ClockSource ChooseSource() {
#if defined(__x86_64__)
  return GetCpuFlags().invariant_tsc && LinuxTrustsCounter() ? ClockSource::kTsc : ClockSource::kClockGettime;
#elif defined(__aarch64__)
  return LinuxTrustsCounter() ? ClockSource::kCntvct : ClockSource::kClockGettime;
#else
  return ClockSource::kClockGettime;
#endif
}

}  // namespace

Clock& Clock::Get() {
  static Clock clock;
  return clock;
}

Clock::Clock() : source_(ChooseSource()), start_(ReadPair()) {
  double ns_per_tick = 1;
  if (source_ != ClockSource::kClockGettime) {
    Pair end;
    do end = ReadPair();
    while (end.ns - start_.ns < kCalibrationNs);
    if (end.ticks > start_.ticks) {
      ns_per_tick = static_cast<double>(end.ns - start_.ns) / static_cast<double>(end.ticks - start_.ticks);
    } else {  // a counter that stands still
      source_ = ClockSource::kClockGettime;
      start_ = ReadPair();
    }
  }
  discipline_ticks_ = static_cast<int64_t>(kDisciplineNs / ns_per_tick);
  Publish(start_.ticks, 0, ns_per_tick);
}

/// Reads counter and time together, in the tightest of several brackets: an interrupt between the two reads would
/// otherwise become an error of the rate.
Clock::Pair Clock::ReadPair() const {
  Pair best = {};
  uint64_t width = UINT64_MAX;
  for (int i = 0; i < 5; i++) {
    const uint64_t before = TicksAfter();
    const uint64_t ns = MonotonicNs();
    const uint64_t after = TicksAfter();
    if (after - before >= width) continue;
    width = after - before;
    best = {before + width / 2, ns};
  }
  return best;
}

double Clock::Since(uint64_t ticks) const {
  for (;;) {
    const uint32_t sequence = sequence_.load(std::memory_order_acquire);
    // Loading each with acquire keeps the second load of the sequence behind them: the thread sanitizer ignores fences.
    const uint64_t base_ticks = base_ticks_.load(std::memory_order_acquire);
    const double base_ns = base_ns_.load(std::memory_order_acquire);
    const double rate = ns_per_tick_.load(std::memory_order_acquire);
    if (sequence % 2 == 1 || sequence != sequence_.load(std::memory_order_relaxed)) continue;
    // Signed: another thread may have moved the base past the ticks that this one has just read.
    return base_ns + static_cast<double>(static_cast<int64_t>(ticks - base_ticks)) * rate;
  }
}

/// Called by one thread at a time: the constructor's, then the one that has set disciplining_.
void Clock::Publish(uint64_t ticks, double ns, double ns_per_tick) {
  const uint32_t sequence = sequence_.load(std::memory_order_relaxed);
  sequence_.store(sequence + 1, std::memory_order_relaxed);
  base_ticks_.store(ticks, std::memory_order_release);
  base_ns_.store(ns, std::memory_order_release);
  ns_per_tick_.store(ns_per_tick, std::memory_order_release);
  sequence_.store(sequence + 2, std::memory_order_release);
}

void Clock::Discipline() {
  if (disciplining_.exchange(true, std::memory_order_acquire)) return;  // another thread is doing it
  const Pair now = ReadPair();
  const double shown = Since(now.ticks);
  const double real = static_cast<double>(now.ns - start_.ns);
  const double error = real - shown;
  const double rate = real / static_cast<double>(now.ticks - start_.ticks);
  if (error > kStepNs) {
    Publish(now.ticks, real, rate);
  } else {
    // When the clock is ahead of the real time it may only slow down: it must never run backwards.
    const double slew = error < -0.5e9 ? -0.5 : error / 1e9;
    Publish(now.ticks, shown, rate * (1 + slew));
  }
  disciplining_.store(false, std::memory_order_release);
}

}  // namespace copytax
