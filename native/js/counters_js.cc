#include "../cpu/counters.h"
#include "js.h"

namespace copytax {

Napi::Value CountersOpen(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Counters& counters = environment.counters();
  const bool available = counters.Open();
  Napi::Array names = Napi::Array::New(env);
  for (uint32_t i = 0; i < counters.names().size(); i++) names.Set(i, Napi::String::New(env, counters.names()[i]));
  Napi::Object result = Napi::Object::New(env);
  result.Set("available", Napi::Boolean::New(env, available));
  result.Set("reason", Napi::String::New(env, counters.reason()));
  result.Set("names", names);
  return result;
}

Napi::Value CountersRead(const Napi::CallbackInfo& info, Environment& environment) {
  const std::vector<double> counts = environment.counters().Read();
  Napi::Float64Array out = Napi::Float64Array::New(info.Env(), counts.size());
  if (out.IsEmpty()) return info.Env().Undefined();
  for (size_t i = 0; i < counts.size(); i++) out[i] = counts[i];
  return out;
}

Napi::Value CountersClose(const Napi::CallbackInfo& info, Environment& environment) {
  environment.counters().Close();
  return info.Env().Undefined();
}

}  // namespace copytax
