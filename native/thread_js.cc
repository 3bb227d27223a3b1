#include "thread.h"

#include "js.h"

namespace copytax {

Napi::Value PinThread(const Napi::CallbackInfo& info, Environment&) {
  double cpu;
  if (!ReadInteger(info[0], "cpu", 0, kMaxCpus - 1, &cpu)) return info.Env().Undefined();
  const int error = PinThread(static_cast<int>(cpu));
  if (error == 0) return info.Env().Undefined();
  const std::string what = "cannot run on CPU " + std::to_string(static_cast<int>(cpu));
  return ThrowRefusal(info.Env(), "ERR_CPU_PIN", what, "sched_setaffinity", error);
}

Napi::Value Affinity(const Napi::CallbackInfo& info, Environment&) {
  const std::vector<int> cpus = ThreadAffinity();
  Napi::Array list = Napi::Array::New(info.Env(), cpus.size());
  for (uint32_t i = 0; i < cpus.size(); i++) list.Set(i, Napi::Number::New(info.Env(), cpus[i]));
  return list;
}

Napi::Value CurrentCpu(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), CurrentCpu());
}

}  // namespace copytax
