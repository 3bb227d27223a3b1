// What one environment has open, by numbers that JavaScript may hold: a number that is wrong or old finds nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace copytax {

template <typename T>
class Handles {
 public:
  static constexpr size_t kMost = 1024;

  /// Returns a number that was never used before in this environment; 0 when kMost are open already.
  int Add(std::unique_ptr<T> opened) {
    if (open_.size() >= kMost) return 0;
    open_.push_back({++last_, std::move(opened)});
    return last_;
  }

  /// Returns null when nothing is open under that number.
  T* Find(int number) const {
    for (const Entry& entry : open_) {
      if (entry.number == number) return entry.opened.get();
    }
    return nullptr;
  }

  /// Idempotent.
  void Close(int number) {
    const auto is_it = [&](const Entry& entry) { return entry.number == number; };
    open_.erase(std::remove_if(open_.begin(), open_.end(), is_it), open_.end());
  }

  void CloseAll() { open_.clear(); }

 private:
  struct Entry {
    int number;
    std::unique_ptr<T> opened;
  };

  std::vector<Entry> open_;
  int last_ = 0;
};

}  // namespace copytax
