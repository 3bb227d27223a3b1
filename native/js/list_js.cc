// The hot path. Raw Node-API: a call makes no handle but its result, takes no lock and allocates nothing.
#include <sched.h>

#include "js.h"

namespace copytax {
namespace {

constexpr int kMaxSpins = 1 << 20;

/// Reads int32 arguments. Returns false, with an exception pending, when one is not a number.
template <size_t count>
bool ReadInts(napi_env env, napi_callback_info info, int32_t (&out)[count], Environment** environment) {
  size_t argc = count;
  napi_value values[count];
  void* data;
  napi_get_cb_info(env, info, &argc, values, nullptr, &data);
  *environment = static_cast<Environment*>(data);
  for (size_t i = 0; i < count; i++) {
    if (napi_get_value_int32(env, values[i], &out[i]) != napi_ok) {
      napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "an argument must be a number");
      return false;
    }
  }
  return true;
}

Environment& EnvironmentOf(napi_env env, napi_callback_info info) {
  void* data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  return *static_cast<Environment*>(data);
}

bool CheckCount(napi_env env, int32_t count) {
  if (count >= 0 && count <= kListCapacity) return true;
  napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "count must be from 0 to 1024");
  return false;
}

/// Returns undefined for success: a handle for 0 would cost as much as checking an entry.
napi_value Result(napi_env env, int value) {
  napi_value result = nullptr;
  if (value != 0) napi_create_int32(env, value, &result);
  return result;
}

void Pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

napi_value CopyList(napi_env env, napi_callback_info info) {
  int32_t args[3];  // count, copy kernel, 1 to wait for every run's stores
  Environment* environment;
  if (!ReadInts(env, info, args, &environment) || !CheckCount(env, args[0])) return nullptr;
  const CopyFunction copy = CopyKernelAt(environment->copy_kernels(), args[1]);
  if (copy == nullptr) {
    napi_throw_range_error(env, "ERR_KERNEL_UNSUPPORTED", "this host has no such copy kernel");
    return nullptr;
  }
  return Result(env, environment->list().Copy(args[0], copy, args[2] != 0));
}

napi_value ChecksumList(napi_env env, napi_callback_info info) {
  int32_t args[2];  // count, seed (the same 32 bits, whatever their sign)
  Environment* environment;
  if (!ReadInts(env, info, args, &environment) || !CheckCount(env, args[0])) return nullptr;
  return Result(env, environment->list().Checksum(args[0], static_cast<uint32_t>(args[1])));
}

napi_value ReadClock(napi_env env, napi_callback_info info) {
  Clock::AwaitStores();
  EnvironmentOf(env, info).list().StampDisciplinedNow();
  return nullptr;
}

napi_value Relax(napi_env env, napi_callback_info info) {
  int32_t args[1];  // spins
  Environment* environment;
  if (!ReadInts(env, info, args, &environment)) return nullptr;
  if (args[0] < 0 || args[0] > kMaxSpins) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "spins must be from 0 to 1048576");
    return nullptr;
  }
  if (args[0] == 0) sched_yield();
  for (int32_t i = 0; i < args[0]; i++) Pause();
  environment->list().StampNow();
  return nullptr;
}

napi_value Noop(napi_env, napi_callback_info) { return nullptr; }

Napi::Value ThrowNoBuffer(Napi::Env env, napi_status status) {
  if (env.IsExceptionPending()) return env.Undefined();
  Napi::Object details = Napi::Object::New(env);
  details.Set("status", Napi::Number::New(env, status));
  return Throw(env, "ERR_EXTERNAL_MEMORY", "this runtime allows no ArrayBuffer over memory of an addon", details);
}

Napi::Value ListAttach(const Napi::CallbackInfo& info, Environment& environment) {
  napi_status status;
  napi_value buffer = environment.ListBuffer(&status);
  return buffer != nullptr ? Napi::Value(info.Env(), buffer) : ThrowNoBuffer(info.Env(), status);
}

}  // namespace copytax
