#include "pointer_chase.h"

#include <pthread.h>

#include <algorithm>

#include "../cpu/clock.h"
#include "../cpu/thread.h"

namespace copytax {
namespace {

/// Lines of a window: sixteen pages of 4 KiB, whose translations every CPU can hold.
constexpr size_t kWindowLines = 1024;
constexpr int kUnrolled = 8;

/// The same number below `bound` for the same line, at random.
size_t DrawnFor(size_t line, size_t bound) {
  uint64_t mixed = (line + 1) * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9u;
  return static_cast<size_t>(((mixed >> 32) * bound) >> 32);
}

/// The line that this one is inserted behind: one before it in its window, or anywhere before it for the first.
size_t LineBefore(size_t line) {
  const size_t in_window = line % kWindowLines;
  return in_window == 0 ? DrawnFor(line, line) : line - in_window + DrawnFor(line, in_window);
}

struct Order {
  const Chase* chase;
  ChaseResult result;
};

void Measure(const Chase& chase, std::vector<double>& ns) {
  const Clock& clock = Clock::Get();
  const double end_ns = clock.Now() + chase.limit_ns;
  ChaseCycle cycle(chase.base, chase.bytes);
  for (size_t i = 0; i < chase.spans.size() && clock.Now() <= end_ns; i++) {
    cycle.Resize(chase.spans[i]);
    cycle.Touch();
    uint64_t at = DrawnFor(i, cycle.lines()) * kChaseLine;
    at = cycle.Walk(at, std::min(cycle.lines(), chase.loads));
    Clock::AwaitStores();
    const uint64_t begin = clock.TicksAfter();
    at = cycle.Walk(at, chase.loads);
    const uint64_t ticks = clock.TicksAfter() - begin;
    asm volatile("" : : "r"(at));
    ns.push_back(clock.NsOf(ticks) / static_cast<double>(chase.loads));
  }
}

void* Obey(void* argument) {
  Order* order = static_cast<Order*>(argument);
  ChaseResult& result = order->result;
  result.error = PinThread(order->chase->cpu);
  if (result.error != 0) {
    result.call = "sched_setaffinity";
  } else {
    Measure(*order->chase, result.ns);
  }
  return nullptr;
}

}  // namespace

ChaseCycle::ChaseCycle(char* base, size_t bytes)
    : base_(base),
      mask_((bytes - 1) & ~(uint64_t{kChaseLine} - 1)),
      tails_((bytes / kChaseLine + kWindowLines - 1) / kWindowLines),
      complete_(tails_.size()) {}

void ChaseCycle::InsertLine() {
  const size_t line = lines_++;
  const size_t window = line / kWindowLines;
  if (line == 0) {
    LinkOf(0) = 0;
    tails_[0] = 0;
    return;
  }
  const size_t before = LineBefore(line);
  LinkOf(line) = LinkOf(before);
  LinkOf(before) = line * kChaseLine;
  if (line % kWindowLines == 0 || tails_[window] == before) tails_[window] = line;
  complete_[window] = lines_ % kWindowLines == 0;
}

/// Lines leave in the opposite order, so that what is behind the one before it is again what was there.
void ChaseCycle::RemoveLine() {
  const size_t line = --lines_;
  const size_t window = line / kWindowLines;
  const size_t before = LineBefore(line);
  LinkOf(before) = LinkOf(line);
  if (tails_[window] == line) tails_[window] = before;
  complete_[window] = false;
}

void ChaseCycle::LinkWindow() {
  const size_t before = LineBefore(lines_);
  LinkOf(tails_[lines_ / kWindowLines]) = LinkOf(before);
  LinkOf(before) = lines_ * kChaseLine;
  lines_ += kWindowLines;
}

void ChaseCycle::UnlinkWindow() {
  lines_ -= kWindowLines;
  LinkOf(LineBefore(lines_)) = LinkOf(tails_[lines_ / kWindowLines]);
}

void ChaseCycle::Resize(size_t span) {
  const size_t wanted = span / kChaseLine;
  while (lines_ < wanted) {
    const bool whole = lines_ % kWindowLines == 0 && lines_ + kWindowLines <= wanted && lines_ > 0;
    if (whole && complete_[lines_ / kWindowLines]) {
      LinkWindow();
    } else {
      InsertLine();
    }
  }
  while (lines_ > wanted) {
    const bool whole = lines_ % kWindowLines == 0 && lines_ - kWindowLines >= wanted;
    if (whole) {
      UnlinkWindow();
    } else {
      RemoveLine();
    }
  }
}

void ChaseCycle::Touch() const {
  uint64_t sum = 0;
  for (size_t line = 0; line < lines_; line++) sum += __atomic_load_n(&LinkOf(line), __ATOMIC_RELAXED);
  asm volatile("" : : "r"(sum));
}

/// The mask is one cycle of each load: the price of following places that another thread could have overwritten.
uint64_t ChaseCycle::Walk(uint64_t at, size_t loads) const {
  const char* const base = base_;
  const uint64_t mask = mask_;
  const auto next = [base, mask](uint64_t place) {
    return __atomic_load_n(reinterpret_cast<const uint64_t*>(base + (place & mask)), __ATOMIC_RELAXED);
  };
  for (; loads >= kUnrolled; loads -= kUnrolled) {
    at = next(next(next(next(next(next(next(next(at))))))));
  }
  for (; loads > 0; loads--) at = next(at);
  return at;
}

ChaseResult RunChase(const Chase& chase) {
  Order order = {&chase, {}};
  order.result.ns.reserve(chase.spans.size());
  pthread_t thread;
  Clock::Get();  // calibrates before the time counts
  const int error = pthread_create(&thread, nullptr, Obey, &order);
  if (error != 0) return {{}, "pthread_create", error};
  pthread_join(thread, nullptr);
  return order.result;
}

}  // namespace copytax
