// The copy kernels: every way to copy that this CPU offers, by name.
#pragma once

#include <cstddef>

namespace copytax {

/// Copies any number of bytes at any alignment. The ranges must not overlap, nor begin at null, even for no bytes.
/// Non-temporal copies fence before they return.
using CopyFunction = void (*)(char* to, const char* from, size_t bytes);

struct CopyKernel {
  const char* name;
  CopyFunction copy;   // null when this CPU cannot run it
  const char* reason;  // why not, or ""
};

/// Names and order are the same on every host: an index may be stored in a result.
constexpr int kCopyKernelCount = 10;

/// The copy kernels of this host, kCopyKernelCount of them. Any thread.
const CopyKernel* CopyKernels();

/// Returns null when this host has no such copy kernel. Any int may be passed.
inline CopyFunction CopyKernelAt(const CopyKernel* copy_kernels, int index) {
  return static_cast<unsigned>(index) < kCopyKernelCount ? copy_kernels[index].copy : nullptr;
}

// The functions of the table, by architecture.
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
