#include "../cpu/thread.h"
#include "js.h"

namespace copytax {

Napi::Value PinThread(const Napi::CallbackInfo& info, Environment&) {
  double cpu;
  if (!ReadCpu(info[0], "cpu", &cpu)) return info.Env().Undefined();
  const int error = PinThread(static_cast<int>(cpu));
  if (error == 0) return info.Env().Undefined();
  const std::string what = "cannot run on CPU " + std::to_string(static_cast<int>(cpu));
  return ThrowRefusal(info.Env(), "ERR_CPU_PIN", what, {"sched_setaffinity", error});
}

Napi::Value Affinity(const Napi::CallbackInfo& info, Environment&) {
  const std::vector<int> cpus = ThreadAffinity();
  Napi::Array list = Napi::Array::New(info.Env(), cpus.size());
  for (uint32_t i = 0; i < cpus.size(); i++) list.Set(i, Napi::Number::New(info.Env(), cpus[i]));
  return list;
}

Napi::Value ThreadUsage(const Napi::CallbackInfo& info, Environment&) {
  const Usage usage = UsageOfThread();
  Napi::Object facts = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, double value) { facts.Set(name, Napi::Number::New(info.Env(), value)); };
  set("voluntarySwitches", usage.voluntary_switches);
  set("involuntarySwitches", usage.involuntary_switches);
  set("userNs", usage.user_ns);
  set("systemNs", usage.system_ns);
  set("cpuNs", usage.cpu_ns);
  set("minorFaults", usage.minor_faults);
  set("majorFaults", usage.major_faults);
  return facts;
}

}  // namespace copytax
