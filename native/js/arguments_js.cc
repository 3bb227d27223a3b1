#include <climits>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "../cpu/thread.h"
#include "js.h"

namespace copytax {
namespace {

std::string Number(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.17g", value);
  return text;
}

void ThrowType(Napi::Env env, const char* name, const char* expected) {
  const std::string message = std::string(name) + " must be " + expected;
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message.c_str());
}

}  // namespace

Napi::Value Throw(Napi::Env env, const char* code, const std::string& message, Napi::Object details) {
  Napi::Error error = Napi::Error::New(env, message);
  if (!error.IsEmpty()) {
    error.Set("code", Napi::String::New(env, code));
    error.Set("details", details.IsEmpty() ? Napi::Object::New(env) : details);
    error.ThrowAsJavaScriptException();
  }
  return env.Undefined();
}

Napi::Value ThrowRefusal(Napi::Env env, const char* code, const std::string& what, const FailedCall& call,
                         Napi::Object details) {
  if (details.IsEmpty()) details = Napi::Object::New(env);
  details.Set("errno", Napi::Number::New(env, call.error));
  details.Set("syscall", Napi::String::New(env, call.name));
  return Throw(env, code, what + ": " + call.name + " failed: " + strerror(call.error), details);
}

bool ReadInteger(Napi::Value value, const char* name, double low, double high, double* out) {
  if (value.IsEmpty() || value.Env().IsExceptionPending()) return false;
  const Napi::Env env = value.Env();
  if (!value.IsNumber()) {
    ThrowType(env, name, "a number");
    return false;
  }
  *out = value.As<Napi::Number>().DoubleValue();
  if (*out >= low && *out <= high && std::floor(*out) == *out) return true;
  const std::string message =
      std::string(name) + " must be an integer from " + Number(low) + " to " + Number(high) + ", not " + Number(*out);
  napi_throw_range_error(env, "ERR_OUT_OF_RANGE", message.c_str());
  return false;
}

bool ReadProperty(Napi::Object object, const char* name, double low, double high, double* out) {
  return ReadInteger(object.Get(name), name, low, high, out);
}

bool ReadFlag(Napi::Object object, const char* name, bool otherwise, bool* out) {
  const Napi::Value value = object.Get(name);
  if (value.IsEmpty()) return false;
  *out = otherwise;
  if (value.IsUndefined()) return true;
  // It fails while the thread is being terminated, and then it has no environment to ask for its value.
  const Napi::Boolean flag = value.ToBoolean();
  if (flag.IsEmpty()) return false;
  *out = flag.Value();
  return true;
}

bool ReadText(Napi::Value value, const char* name, std::string* out) {
  if (value.IsEmpty() || value.Env().IsExceptionPending()) return false;
  if (!value.IsString()) {
    ThrowType(value.Env(), name, "a string");
    return false;
  }
  *out = value.As<Napi::String>().Utf8Value();
  return true;
}

bool ReadRegionId(Napi::Value value, const char* name, double* out) {
  return ReadInteger(value, name, INT_MIN, INT_MAX, out);
}

bool ReadOffset(Napi::Value value, const char* name, double* out) {
  return ReadInteger(value, name, 0, static_cast<double>(kMaxRegionBytes), out);
}

bool ReadCpu(Napi::Value value, const char* name, double* out) {
  return ReadInteger(value, name, 0, kMaxCpus - 1, out);
}

CopyFunction CopyKernelOrThrow(Napi::Env env, Environment& environment, double index) {
  const CopyFunction copy = CopyKernelAt(environment.copy_kernels(), static_cast<int>(index));
  if (copy == nullptr) {
    napi_throw_range_error(env, "ERR_KERNEL_UNSUPPORTED", "this host has no such copy kernel");
  }
  return copy;
}

bool CheckApart(Napi::Env env, const char* a, size_t a_bytes, const char* b, size_t b_bytes) {
  const uintptr_t x = reinterpret_cast<uintptr_t>(a), y = reinterpret_cast<uintptr_t>(b);
  if (x + a_bytes <= y || y + b_bytes <= x) return true;
  napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "source and destination overlap");
  return false;
}

const char* ReadRange(Napi::Env env, Environment& environment, double region, double offset, double bytes) {
  if (environment.regions().Find(static_cast<int>(region)) == nullptr) {
    Throw(env, "ERR_REGION_CLOSED", "region " + Number(region) + " is not attached in this thread");
    return nullptr;
  }
  const char* at = ResolveRange(environment.regions(), static_cast<int>(region), offset, static_cast<int64_t>(bytes));
  if (at == nullptr) {
    const std::string message =
        Number(bytes) + " bytes at " + Number(offset) + " are not within region " + Number(region);
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", message.c_str());
  }
  return at;
}

}  // namespace copytax
