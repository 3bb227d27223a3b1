// The copy kernels: every way to copy that this CPU offers, by name.
#pragma once

#include <cstddef>

namespace copytax {

/// Ranges must not overlap, nor begin at null, even for no bytes. Any alignment, any length. Non-temporal ones fence
/// before they return.
using CopyFunction = void (*)(char* to, const char* from, size_t bytes);

struct Kernel {
  const char* name;
  CopyFunction copy;   // null when this CPU cannot
  const char* reason;  // why not, or ""
};

/// Names and order are the same on every machine: an index may travel in a result.
constexpr int kKernelCount = 10;

/// The table of this machine. Any thread.
const Kernel* Kernels();

/// Null when there is no such kernel here. Any int is a valid question.
inline CopyFunction KernelAt(const Kernel* kernels, int index) {
  return static_cast<unsigned>(index) < kKernelCount ? kernels[index].copy : nullptr;
}

// Kernels by architecture, for the table only.
void CopyPortable(char* to, const char* from, size_t bytes);
#if defined(__x86_64__)
void CopyMovsb(char* to, const char* from, size_t bytes);
void CopyMovsq(char* to, const char* from, size_t bytes);
void CopyAvx2(char* to, const char* from, size_t bytes);
void CopyAvx512(char* to, const char* from, size_t bytes);
void CopyNtAvx2(char* to, const char* from, size_t bytes);
void CopyNtAvx512(char* to, const char* from, size_t bytes);
#elif defined(__aarch64__)
void CopyNeon(char* to, const char* from, size_t bytes);
void CopyNtNeon(char* to, const char* from, size_t bytes);
#endif

}  // namespace copytax
