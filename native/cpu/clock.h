// The time base: nanoseconds of CLOCK_MONOTONIC since this process first asked, read from the CPU's counter where that
// counter can be trusted (the time of a system call would hide that of a copy of 64 bytes).
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace copytax {

enum class ClockSource { kTsc, kCntvct, kClockGettime };

class Clock {
 public:
  /// The one clock of this process. The first call calibrates for about 10 ms. Any thread.
  static Clock& Get();

  /// The counter of the CPU, or nanoseconds. For the beginning of an interval: the CPU may read it a little early.
  uint64_t Ticks() const {
#if defined(__x86_64__)
    if (source_ == ClockSource::kTsc) return __rdtsc();
#elif defined(__aarch64__)
    if (source_ == ClockSource::kCntvct) {
      uint64_t ticks;
      asm volatile("mrs %0, cntvct_el0" : "=r"(ticks)::"memory");
      return ticks;
    }
#endif
    return MonotonicNs();
  }

  /// For the end of an interval: waits for the loads before it, which costs as much again as the reading.
  uint64_t TicksAfter() const {
#if defined(__x86_64__)
    _mm_lfence();
#elif defined(__aarch64__)
    asm volatile("isb" ::: "memory");
#endif
    return Ticks();
  }

  /// Returns when all that this thread has stored has left its CPU: a copy is over only then, and otherwise the
  /// next atomic operation would pay for it.
  static void AwaitStores() {
#if defined(__x86_64__)
    _mm_mfence();
#elif defined(__aarch64__)
    asm volatile("dsb ish" ::: "memory");
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
  }

  /// Length of an interval of ticks, ns.
  double NsOf(uint64_t ticks) const {
    return static_cast<double>(ticks) * ns_per_tick_.load(std::memory_order_relaxed);
  }

  /// Nanoseconds from the start to `ticks`. A thread that was interrupted between reading the ticks and this call,
  /// while another changed the rate, may see a few nanoseconds less than before.
  double Since(uint64_t ticks) const;

  double Now() const { return Since(Ticks()); }

  /// Now(), after comparing the counter with CLOCK_MONOTONIC if that was last done more than 100 ms ago. Any thread.
  double DisciplinedNow() {
    const uint64_t ticks = Ticks();
    const int64_t since = static_cast<int64_t>(ticks - base_ticks_.load(std::memory_order_relaxed));
    if (since > discipline_ticks_ && source_ != ClockSource::kClockGettime) Discipline();
    return Since(ticks);
  }

  ClockSource source() const { return source_; }
  double TicksPerSecond() const { return 1e9 / ns_per_tick_.load(std::memory_order_relaxed); }

  static uint64_t MonotonicNs() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_nsec);
  }

 private:
  Clock();
  void Discipline();
  struct Pair {
    uint64_t ticks;
    uint64_t ns;
  };
  Pair ReadPair() const;
  void Publish(uint64_t ticks, double ns, double ns_per_tick);

  ClockSource source_;
  int64_t discipline_ticks_ = 0;  // 100 ms in ticks; constant after construction
  Pair start_;
  // A line through (base_ticks_, base_ns_), replaced under a sequence count that is odd while it is being written.
  std::atomic<uint32_t> sequence_{0};
  std::atomic<uint64_t> base_ticks_{0};
  std::atomic<double> base_ns_{0};
  std::atomic<double> ns_per_tick_{1};
  std::atomic<bool> disciplining_{false};
};

}  // namespace copytax
