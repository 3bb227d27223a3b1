// The yardstick: the copies of the transmit path and nothing else. No slots, no pages, no sockets, no JavaScript.
//
//   bare_copies --senders 2 --message 65536 --window 4194304 --pool 67108864 --ms 150
//
// Each sender, pinned to a CPU, copies messages from a user buffer that stays in its caches. With two copies the first
// goes to the sender's send buffer and the second, under one lock, from there to the next place in the slot
// pool; with one copy it goes to the slot pool at once. Prints the rate of both as one line of JSON.
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t kUserBytes = 2u << 20;
constexpr size_t kLine = 64;

struct Options {
  size_t senders = 2;
  size_t message = 65536;
  size_t send_buffer = 4u << 20;  // --window
  size_t pool = 64u << 20;
  size_t ms = 150;
};

/// Anonymous memory of which every page has been written: pages that were never written are all the same page.
char* Populated(size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("bare_copies: mmap");
    exit(1);
  }
  madvise(memory, bytes, MADV_HUGEPAGE);
  for (size_t at = 0; at < bytes; at += kLine) static_cast<char*>(memory)[at] = static_cast<char>(at / kLine + 1);
  return static_cast<char*>(memory);
}

class SpinLock {
 public:
  void Lock() {
    while (held_.exchange(true, std::memory_order_acquire)) {
      while (held_.load(std::memory_order_relaxed)) sched_yield();
    }
  }
  void Unlock() { held_.store(false, std::memory_order_release); }

 private:
  alignas(kLine) std::atomic<bool> held_{false};
};

/// Walks a buffer in steps of a message and starts again when the next would not fit.
class Walk {
 public:
  Walk(size_t span, size_t step) : places_(span / step), step_(step) {}
  size_t Next() { return next_++ % places_ * step_; }

 private:
  size_t places_;
  size_t step_;
  size_t next_ = 0;
};

class Experiment {
 public:
  explicit Experiment(const Options& options) : options_(options), pool_(Populated(options.pool)) {
    for (size_t i = 0; i < options.senders; i++) {
      users_.push_back(Populated(kUserBytes + options.message));
      send_buffers_.push_back(Populated(options.send_buffer));
    }
  }

  /// Gbit/s of all senders together.
  double Run(bool two_copies) {
    stop_ = false;
    ready_ = 0;
    bytes_ = 0;
    pool_next_ = 0;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < options_.senders; i++) threads.emplace_back([this, i, two_copies] { Send(i, two_copies); });
    while (ready_ < options_.senders) sched_yield();
    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(options_.ms));
    stop_ = true;
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(bytes_) * 8 / elapsed.count();
  }

 private:
  void Send(size_t sender, bool two_copies) {
    Pin(sender);
    const size_t message = options_.message;
    Walk user(kUserBytes, message < kUserBytes ? message : kUserBytes);
    Walk send_buffer(options_.send_buffer, message);
    const size_t places = options_.pool / message;
    size_t sent = 0;
    ready_++;
    while (!stop_.load(std::memory_order_relaxed)) {
      const char* from = users_[sender] + user.Next();
      if (two_copies) {
        char* page = send_buffers_[sender] + send_buffer.Next();
        memcpy(page, from, message);
        lock_.Lock();
        memcpy(pool_ + pool_next_++ % places * message, page, message);
        lock_.Unlock();
      } else {
        memcpy(pool_ + pool_next_++ % places * message, from, message);
      }
      sent += message;
    }
    bytes_ += sent;
  }

  static void Pin(size_t sender) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    size_t wanted = sender % static_cast<size_t>(CPU_COUNT(&allowed));
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
      if (!CPU_ISSET(cpu, &allowed) || wanted-- > 0) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      sched_setaffinity(0, sizeof one, &one);
      return;
    }
  }

  const Options options_;
  char* pool_;
  std::vector<char*> users_;
  std::vector<char*> send_buffers_;
  SpinLock lock_;
  alignas(kLine) std::atomic<size_t> pool_next_{0};
  alignas(kLine) std::atomic<bool> stop_{false};
  std::atomic<size_t> ready_{0};
  std::atomic<size_t> bytes_{0};
};

Options Parse(int argc, char** argv) {
  Options options;
  const std::vector<std::pair<std::string, size_t*>> known = {{"--senders", &options.senders},
                                                              {"--message", &options.message},
                                                              {"--window", &options.send_buffer},
                                                              {"--pool", &options.pool},
                                                              {"--ms", &options.ms}};
  for (int i = 1; i < argc; i += 2) {
    size_t* value = nullptr;
    for (const auto& [name, target] : known) {
      if (name == argv[i]) value = target;
    }
    char* end = nullptr;
    if (value != nullptr && i + 1 < argc) *value = strtoul(argv[i + 1], &end, 10);
    if (value == nullptr || end == nullptr || *end != '\0' || *value == 0) {
      fprintf(stderr, "bare_copies: '%s' must be a known option, followed by a number above 0\n", argv[i]);
      exit(2);
    }
  }
  if (options.message > options.send_buffer || options.message > options.pool) {
    fprintf(stderr, "bare_copies: --message must not be larger than --window or --pool\n");
    exit(2);
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  Experiment experiment(Parse(argc, argv));
  const double two = experiment.Run(true);
  const double one = experiment.Run(false);
  printf("{\"bounceGbps\":%.2f,\"bouncePagesGbps\":%.2f}\n", two, one);
  return 0;
}
