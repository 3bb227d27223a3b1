#include "../cpu/counters.h"
#include "js.h"

namespace copytax {

Napi::Value CountersOpen(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Counters& counters = environment.counters();
  counters.Open();
  Napi::Array names = Napi::Array::New(env);
  for (uint32_t i = 0; i < counters.names().size(); i++) names.Set(i, Napi::String::New(env, counters.names()[i]));
  Napi::Array refused = Napi::Array::New(env);
  for (uint32_t i = 0; i < counters.refused().size(); i++) {
    Napi::Object event = Napi::Object::New(env);
    event.Set("name", Napi::String::New(env, counters.refused()[i].name));
    event.Set("errno", Napi::Number::New(env, counters.refused()[i].error));
    refused.Set(i, event);
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("names", names);
  result.Set("refused", refused);
  return result;
}

Napi::Value CountersRead(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<CounterReading> readings(environment.counters().names().size());
  environment.counters().Read(readings.data());
  Napi::Float64Array out = Napi::Float64Array::New(info.Env(), 3 * readings.size());
  if (out.IsEmpty()) return info.Env().Undefined();
  for (size_t i = 0; i < readings.size(); i++) {
    out[3 * i] = static_cast<double>(readings[i].value);
    out[3 * i + 1] = static_cast<double>(readings[i].enabled);
    out[3 * i + 2] = static_cast<double>(readings[i].running);
  }
  return out;
}

Napi::Value CountersClose(const Napi::CallbackInfo& info, Environment& environment) {
  environment.counters().Close();
  return info.Env().Undefined();
}

}  // namespace copytax
