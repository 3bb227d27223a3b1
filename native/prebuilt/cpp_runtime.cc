// What the addon needs of a C++ library, in the binaries that the package ships: allocation, strings, failures that end
// the process, and the lock of static variables. So these binaries ask for a C library only, and only for functions
// that glibc and musl share: one file serves both (docs/design/0011-prebuilt-binaries.md). An addon that is compiled
// where it runs has the host's own C++ library instead.
//
// The names are those that GCC's headers and its code generator call; nothing of the addon calls them by name. Another
// GCC may call more of them: scripts/prebuilds.mjs then refuses the file.
#include <sched.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

/// All members of it, which the C++ library would have.
template class std::basic_string<char>;

namespace {

/// Without exceptions, what would throw ends the process: as it does where the C++ library throws.
[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "copytax: %s\n", what);
  std::abort();
}

void* Allocate(std::size_t bytes) {
  void* const made = std::malloc(bytes == 0 ? 1 : bytes);
  if (made == nullptr) Die("there is no memory left for the addon");
  return made;
}

}  // namespace

void* operator new(std::size_t bytes) { return Allocate(bytes); }
void* operator new[](std::size_t bytes) { return Allocate(bytes); }
void operator delete(void* made) noexcept { std::free(made); }
void operator delete[](void* made) noexcept { std::free(made); }
void operator delete(void* made, std::size_t) noexcept { std::free(made); }
void operator delete[](void* made, std::size_t) noexcept { std::free(made); }

namespace std {

void __throw_bad_alloc() { Die("there is no memory left for the addon"); }
void __throw_bad_array_new_length() { Die("an array is too long"); }
void __throw_length_error(const char* what) { Die(what); }
void __throw_logic_error(const char* what) { Die(what); }
void __throw_out_of_range_fmt(const char* what, ...) { Die(what); }
void __throw_system_error(int) { Die("a lock failed"); }

/// Asks whether two parts of a program mean the same tag. Here is one part, whose tag has one address.
bool _Sp_make_shared_tag::_S_eq(const type_info&) noexcept { return false; }

}  // namespace std

extern "C" {

/// Of glibc 2.32, read to leave out atomic operations before there is a second thread: Node always has one.
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;

/// Of the eight bytes of a guard, the first says that the variable is made, the second that a thread makes it.
int __cxa_guard_acquire(std::atomic<char>* guard) {
  while (guard[0].load(std::memory_order_acquire) == 0) {
    if (guard[1].exchange(1, std::memory_order_acquire) != 0) {
      sched_yield();
      continue;
    }
    if (guard[0].load(std::memory_order_acquire) == 0) return 1;
    guard[1].store(0, std::memory_order_release);
  }
  return 0;
}

void __cxa_guard_release(std::atomic<char>* guard) {
  guard[0].store(1, std::memory_order_release);
  guard[1].store(0, std::memory_order_release);
}

}  // extern "C"
