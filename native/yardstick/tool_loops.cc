// The loops that stress-ng times, written anew: what it counts is not copies alone, so its figures cannot be set beside
// those of copies. Each mode times all that stress-ng does, and the plain copy in it, on the same memory.
//
//   tool_loops moves --bytes 2097152     copies, half of them moves within one buffer, as --memcpy
//   tool_loops stream --bytes 67108864   copy, scale, add and triad on three arrays, as --stream
//   tool_loops rates --bytes 67108864    reads alone, writes alone, as --memrate --memrate-flush
//
// With --huge the memory may have huge pages. Prints one line of JSON, in gigabytes per second.
#include <sys/mman.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;
typedef int8_t Vector __attribute__((vector_size(16)));

constexpr double kSeconds = 0.15;
constexpr size_t kLine = 64;
constexpr size_t kPage = 4096;
/// Where in a page, and how far below its other buffer, stress-ng has what it copies to and from.
constexpr size_t kInPage = 0x350, kBelow = 32;

bool huge = false;

// Calls through these stay calls: the compiler would otherwise replace short copies by code of its own.
void* (*volatile copy)(void*, const void*, size_t) = memcpy;
void* (*volatile move)(void*, const void*, size_t) = memmove;

/// Memory of which all pages have been written.
char* Populated(size_t bytes, int sharing = MAP_PRIVATE) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("tool_loops: mmap");
    exit(1);
  }
  madvise(memory, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  memset(memory, 0x55, bytes);
  return static_cast<char*>(memory);
}

/// Gigabytes per second of `loop`, which moves `bytes`: repeated for a while, after one turn that is not timed.
template <typename Loop>
double Rate(double bytes, Loop loop) {
  loop();
  const Clock::time_point begin = Clock::now();
  double seconds = 0;
  size_t turns = 0;
  while (seconds < kSeconds || turns < 3) {
    loop();
    turns++;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return bytes * static_cast<double>(turns) / seconds / 1e9;
}

/// Writes back and evicts all lines, where programs of this architecture may.
void Flush(volatile void* memory, size_t bytes) {
#if defined(__x86_64__)
  char* at = const_cast<char*>(static_cast<volatile char*>(memory));
  for (size_t i = 0; i < bytes; i += kLine) __builtin_ia32_clflush(at + i);
  __builtin_ia32_mfence();
#else
  (void)memory, (void)bytes;
#endif
}

/// As Rate, of a loop over memory that is evicted before each turn, which is not timed.
template <typename Loop>
double FlushedRate(volatile void* memory, size_t bytes, Loop loop) {
  double seconds = 0;
  size_t turns = 0;
  while (seconds < kSeconds || turns < 3) {
    Flush(memory, bytes);
    const Clock::time_point begin = Clock::now();
    loop();
    seconds += std::chrono::duration<double>(Clock::now() - begin).count();
    turns++;
  }
  return static_cast<double>(bytes) * static_cast<double>(turns) / seconds / 1e9;
}

/// Keeps the compiler from turning a loop into wider accesses or a call: stress-ng reads and writes each element alone.
inline void OneByOne() { asm volatile("" ::: "memory"); }

void Moves(size_t n) {
  char* a = Populated(n + kPage, MAP_SHARED) + kInPage;
  char* c = Populated(n + kPage) + kLine;
  char* b = c - kBelow;
  const double copied = 3.5 * n, moved = 2.0 * (n - kLine) + 2.0 * (n - 1);
  const double apart = Rate(2.0 * n, [=] { copy(c, a, n), copy(a, c, n); });
  const double all = Rate(copied + moved, [=] {
    copy(c, a, n), copy(a, c, n / 2), move(c, c + kLine, n - kLine), copy(a, b, n);
    move(c + kLine, c, n - kLine), copy(b, a, n), move(c + 1, c, n - 1), move(c, c + 1, n - 1);
  });
  printf("{\"copyGBps\": %.4f, \"allGBps\": %.4f}\n", apart, all);
}

void Stream(size_t bytes) {
  double* __restrict a = reinterpret_cast<double*>(Populated(bytes));
  double* __restrict b = reinterpret_cast<double*>(Populated(bytes));
  double* __restrict c = reinterpret_cast<double*>(Populated(bytes));
  const size_t n = bytes / sizeof(double);
  const auto copy_loop = [=] {
    for (size_t i = 0; i < n; i++) c[i] = a[i], OneByOne();
  };
  const double copied = Rate(static_cast<double>(bytes), copy_loop);
  // Ten arrays a round are read or written: two, two, three and three.
  const double all = Rate(10.0 * static_cast<double>(bytes), [=] {
    copy_loop();
    for (size_t i = 0; i < n; i++) b[i] = 3.0 * c[i], OneByOne();
    for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i], OneByOne();
    for (size_t i = 0; i < n; i++) a[i] = b[i] + 3.0 * c[i], OneByOne();
  });
  printf("{\"copyGBps\": %.4f, \"allGBps\": %.4f}\n", copied, all);
}

void Rates(size_t bytes) {
  volatile Vector* from = reinterpret_cast<Vector*>(Populated(bytes));
  volatile Vector* to = reinterpret_cast<Vector*>(Populated(bytes));
  const size_t n = bytes / sizeof(Vector);
  const Vector ones = {1};
  const double read = FlushedRate(from, bytes, [=] {
    for (size_t i = 0; i < n; i += 8) {
      for (size_t j = 0; j < 8; j++) (void)from[i + j];
    }
  });
  const double written = FlushedRate(to, bytes, [=] {
    for (size_t i = 0; i < n; i += 8) {
      for (size_t j = 0; j < 8; j++) to[i + j] = ones;
    }
  });
  const double copied = Rate(static_cast<double>(bytes), [=] {
    for (size_t i = 0; i < n; i += 8) {
      for (size_t j = 0; j < 8; j++) to[i + j] = from[i + j];
    }
  });
  printf("{\"copyGBps\": %.4f, \"readGBps\": %.4f, \"writeGBps\": %.4f}\n", copied, read, written);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const bool sized = argc > 3 && std::string(argv[2]) == "--bytes";
  const size_t bytes = sized ? strtoull(argv[3], nullptr, 10) / kPage * kPage : 0;
  huge = argc > 4 && std::string(argv[4]) == "--huge";
  if (bytes > 0 && mode == "moves") return Moves(bytes), 0;
  if (bytes > 0 && mode == "stream") return Stream(bytes), 0;
  if (bytes > 0 && mode == "rates") return Rates(bytes), 0;
  fprintf(stderr, "usage: tool_loops moves | stream | rates --bytes N [--huge]\n");
  return 2;
}
