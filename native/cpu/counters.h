// Hardware counters of the calling thread, where the host grants them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace copytax {

/// One per environment, used by its thread alone: perf events count the thread that opened them.
class Counters {
 public:
  Counters() = default;
  ~Counters() { Close(); }
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  /// Opens what it can. Idempotent. Returns false when nothing could be opened, and then reason() says why.
  bool Open();
  void Close();

  const std::vector<const char*>& names() const { return names_; }
  /// Why some or all are missing; empty when none is.
  const std::string& reason() const { return reason_; }
  /// Counts since Open(), by name; scaled up where several users took turns on the hardware.
  std::vector<double> Read() const;

 private:
  std::vector<int> files_;
  std::vector<const char*> names_;
  std::string reason_;
};

}  // namespace copytax
