#include <vector>

#include "../memory/pointer_chase.h"
#include "js.h"

namespace copytax {
namespace {

constexpr double kMaxSpans = 1 << 14;
constexpr double kMaxLoads = 1 << 20;
/// A call cannot be interrupted.
constexpr double kMaxLimitMs = 10000;

bool IsPowerOfTwo(double value) {
  const size_t whole = static_cast<size_t>(value);
  return (whole & (whole - 1)) == 0;
}

/// Reads the spans; returns false when one is none, and then an exception is pending.
bool ReadSpans(Napi::Env env, Napi::Float64Array from, double bytes, std::vector<size_t>* spans) {
  if (static_cast<double>(from.ElementLength()) > kMaxSpans) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "at most 16384 spans");
    return false;
  }
  for (size_t i = 0; i < from.ElementLength(); i++) {
    const double span = from[i];
    if (!(span >= kChaseLine && span <= bytes) || static_cast<double>(static_cast<size_t>(span)) != span ||
        static_cast<size_t>(span) % kChaseLine != 0) {
      napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "each span must be a multiple of 64, and not above bytes");
      return false;
    }
    spans->push_back(static_cast<size_t>(span));
  }
  return true;
}

}  // namespace

Napi::Value PointerChase(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject() || !info[1].IsTypedArray() ||
      info[1].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "arguments must be an object and a Float64Array");
    return env.Undefined();
  }
  const Napi::Object spec = info[0].As<Napi::Object>();
  double region, offset, bytes, loads, limit_ms, cpu;
  if (!ReadRegionId(spec.Get("region"), "region", &region) || !ReadOffset(spec.Get("offset"), "offset", &offset) ||
      !ReadProperty(spec, "bytes", kMinChaseBytes, kMaxChaseBytes, &bytes) ||
      !ReadProperty(spec, "loads", 1, kMaxLoads, &loads) || !ReadProperty(spec, "limitMs", 1, kMaxLimitMs, &limit_ms) ||
      !ReadCpu(spec.Get("cpu"), "cpu", &cpu)) {
    return env.Undefined();
  }
  if (!IsPowerOfTwo(bytes)) {
    napi_throw_range_error(env, "ERR_NOT_POWER_OF_TWO", "bytes must be a power of two");
    return env.Undefined();
  }
  // All properties have been read: from here on no script runs, so that nothing checked below can change.
  const char* base = ReadRange(env, environment, region, offset, bytes);
  if (base == nullptr) return env.Undefined();
  if (reinterpret_cast<uintptr_t>(base) % kChaseLine != 0) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "offset must be a multiple of 64");
    return env.Undefined();
  }
  Chase chase = {const_cast<char*>(base), static_cast<size_t>(bytes), {}, static_cast<size_t>(loads),
                 limit_ms * 1e6,          static_cast<int>(cpu)};
  if (!ReadSpans(env, info[1].As<Napi::Float64Array>(), bytes, &chase.spans)) return env.Undefined();
  const ChaseResult result = RunChase(chase);
  if (result.error != 0) {
    const std::string what = "cannot run on CPU " + std::to_string(chase.cpu);
    return ThrowRefusal(env, "ERR_CPU_PIN", what, {result.call, result.error});
  }
  Napi::Float64Array ns = Napi::Float64Array::New(env, result.ns.size());
  for (size_t i = 0; i < result.ns.size(); i++) ns[i] = result.ns[i];
  return ns;
}

}  // namespace copytax
