#include <algorithm>
#include <vector>

#include "../copy/timed_copy.h"
#include "js.h"

namespace copytax {
namespace {

constexpr double kMaxBatch = 1 << 24;
/// Limit of one call, about a minute of copying: a call cannot be interrupted.
constexpr double kMaxTotalBytes = static_cast<double>(1ull << 39);
/// What the shortest copy counts in that sum.
constexpr double kMinCopyBytes = 64;

/// What a row of counts has: value, nanoseconds enabled, nanoseconds running.
constexpr size_t kCountColumns = 3;

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

bool IsFloat64Array(Napi::Value value) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
}

/// Runs it with counters, and writes their rows sample by sample, as many as `counts` has room for.
void RunCounted(const TimedCopy& timed, double* ns, Counters& counters, Napi::Float64Array counts) {
  std::vector<CounterReading> rows(timed.samples * counters.names().size());
  const CountedCopy counted = {&counters, rows.data()};
  RunTimedCopy(timed, ns, &counted);
  const size_t room = std::min(rows.size(), counts.ElementLength() / kCountColumns);
  for (size_t row = 0; row < room; row++) {
    double* to = counts.Data() + row * kCountColumns;
    to[0] = static_cast<double>(rows[row].value);
    to[1] = static_cast<double>(rows[row].enabled);
    to[2] = static_cast<double>(rows[row].running);
  }
}

}  // namespace

Napi::Value TimeCopies(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const bool counts = !info[2].IsUndefined();
  if (!info[0].IsObject() || !IsFloat64Array(info[1]) || (counts && !IsFloat64Array(info[2]))) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "arguments must be an object and one or two Float64Arrays");
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
  if (counts && !environment.counters().names().empty()) {
    RunCounted(timed, out.Data(), environment.counters(), info[2].As<Napi::Float64Array>());
  } else {
    RunTimedCopy(timed, out.Data());
  }
  return env.Undefined();
}

}  // namespace copytax
