#include <algorithm>

#include "../copy/timed_copy.h"
#include "js.h"

namespace copytax {
namespace {

constexpr double kMaxBatch = 1 << 24;
/// Limit of one call, about a minute of copying: a call cannot be interrupted.
constexpr double kMaxTotalBytes = static_cast<double>(1ull << 39);
/// What the shortest copy counts in that sum.
constexpr double kMinCopyBytes = 64;

/// The properties that a walk is read from.
struct WalkNames {
  const char *region, *offset, *span, *flush;
};

struct WalkOptions {
  double region, offset, span;
  bool flush;
};

bool ReadWalk(Napi::Object spec, const WalkNames& names, WalkOptions* out) {
  return ReadRegionId(spec.Get(names.region), names.region, &out->region) &&
         ReadOffset(spec.Get(names.offset), names.offset, &out->offset) &&
         ReadOffset(spec.Get(names.span), names.span, &out->span) && ReadFlag(spec, names.flush, false, &out->flush);
}

bool ResolveWalk(Napi::Env env, Environment& environment, const WalkOptions& options, double bytes, Walk* walk) {
  const char* base = ReadRange(env, environment, options.region, options.offset, options.span);
  if (base == nullptr) return false;
  if (bytes > options.span) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "one copy is longer than the span that it walks");
    return false;
  }
  *walk = {const_cast<char*>(base), static_cast<size_t>(options.span), options.flush};
  return true;
}

}  // namespace

Napi::Value TimeCopies(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject() || !info[1].IsTypedArray() ||
      info[1].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "arguments must be an object and a Float64Array");
    return env.Undefined();
  }
  const Napi::Object spec = info[0].As<Napi::Object>();
  double copy_kernel, bytes, batch;
  WalkOptions to, from;
  if (!ReadRegionId(spec.Get("copyKernel"), "copyKernel", &copy_kernel) ||
      !ReadOffset(spec.Get("bytes"), "bytes", &bytes) ||
      !ReadInteger(spec.Get("batch"), "batch", 1, kMaxBatch, &batch) ||
      !ReadWalk(spec, {"dstRegion", "dstOffset", "dstSpan", "flushDestination"}, &to) ||
      !ReadWalk(spec, {"srcRegion", "srcOffset", "srcSpan", "flushSource"}, &from)) {
    return env.Undefined();
  }
  // All properties have been read: from here on no script runs, so that nothing checked below can change.
  Napi::Float64Array out = info[1].As<Napi::Float64Array>();
  TimedCopy timed = {CopyKernelOrThrow(env, environment, copy_kernel),
                     {},
                     {},
                     static_cast<size_t>(bytes),
                     static_cast<size_t>(batch),
                     out.ElementLength()};
  if (timed.copy == nullptr || !ResolveWalk(env, environment, to, bytes, &timed.to) ||
      !ResolveWalk(env, environment, from, bytes, &timed.from) ||
      !CheckApart(env, timed.to.base, timed.to.span, timed.from.base, timed.from.span)) {
    return env.Undefined();
  }
  if (std::max(bytes, kMinCopyBytes) * batch * static_cast<double>(timed.samples) > kMaxTotalBytes) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "one call may copy 512 GiB at most");
    return env.Undefined();
  }
  RunTimedCopy(timed, out.Data());
  return env.Undefined();
}

}  // namespace copytax
