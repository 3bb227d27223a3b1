// Copies one at a time, for callers to whom a check per call does not matter. Bad ranges throw.
#include "../copy/cache_flush.h"
#include "../copy/crc32c.h"
#include "js.h"

namespace copytax {
namespace {

constexpr double kMaxSeed = 4294967295.0;

/// Reads {region, offset, bytes} from arguments 0 to 2. Returns null with an exception pending when they are bad.
const char* RangeArgument(const Napi::CallbackInfo& info, Environment& environment, size_t* bytes) {
  double region, offset, length;
  if (!ReadRegionId(info[0], "region", &region) || !ReadOffset(info[1], "offset", &offset) ||
      !ReadOffset(info[2], "bytes", &length)) {
    return nullptr;
  }
  *bytes = static_cast<size_t>(length);
  return ReadRange(info.Env(), environment, region, offset, length);
}

}  // namespace

Napi::Value Copy(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  double to_region, to_offset, from_region, from_offset, bytes, copy_kernel;
  if (!ReadRegionId(info[0], "destination region", &to_region) ||
      !ReadOffset(info[1], "destination offset", &to_offset) || !ReadRegionId(info[2], "source region", &from_region) ||
      !ReadOffset(info[3], "source offset", &from_offset) || !ReadOffset(info[4], "bytes", &bytes) ||
      !ReadRegionId(info[5], "copy kernel", &copy_kernel)) {
    return env.Undefined();
  }
  const char* to = ReadRange(env, environment, to_region, to_offset, bytes);
  if (to == nullptr) return env.Undefined();
  const char* from = ReadRange(env, environment, from_region, from_offset, bytes);
  if (from == nullptr) return env.Undefined();
  const size_t length = static_cast<size_t>(bytes);
  const CopyFunction copy = CopyKernelOrThrow(env, environment, copy_kernel);
  if (copy == nullptr || !CheckApart(env, to, length, from, length)) return env.Undefined();
  copy(const_cast<char*>(to), from, length);
  return env.Undefined();
}

Napi::Value Checksum(const Napi::CallbackInfo& info, Environment& environment) {
  size_t bytes;
  double seed;
  const char* data = RangeArgument(info, environment, &bytes);
  if (data == nullptr || !ReadInteger(info[3], "seed", 0, kMaxSeed, &seed)) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), Crc32c(static_cast<uint32_t>(seed), data, bytes));
}

Napi::Value Flush(const Napi::CallbackInfo& info, Environment& environment) {
  size_t bytes;
  const char* data = RangeArgument(info, environment, &bytes);
  if (data == nullptr) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), FlushRange(data, bytes));
}

Napi::Value ListCopyKernels(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Napi::Array list = Napi::Array::New(env, kCopyKernelCount);
  for (uint32_t i = 0; i < kCopyKernelCount; i++) {
    const CopyKernel& kernel = environment.copy_kernels()[i];
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", Napi::String::New(env, kernel.name));
    row.Set("supported", Napi::Boolean::New(env, kernel.copy != nullptr));
    row.Set("reason", Napi::String::New(env, kernel.reason));
    list.Set(i, row);
  }
  return list;
}

}  // namespace copytax
