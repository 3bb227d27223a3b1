// Facts of this CPU and its clock. What Linux says (topology, caches) is read from its files, in TypeScript.
#include <algorithm>
#include <climits>

#include "../cpu/cache_line.h"
#include "../cpu/pulse.h"
#include "../cpuid/confidential.h"
#include "../cpuid/cpu_flags.h"
#include "../cpuid/cpuid_caches.h"
#include "js.h"

namespace copytax {
namespace {

#if defined(__x86_64__)
constexpr const char* kArchitecture = "x64";
#elif defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
#else
constexpr const char* kArchitecture = "other";
#endif

const char* SourceName(ClockSource source) {
  switch (source) {
    case ClockSource::kTsc:
      return "tsc";
    case ClockSource::kCntvct:
      return "cntvct";
    default:
      return "clock_gettime";
  }
}

/// The length that an empty interval is measured as: the shortest of many, because interrupts only add.
double ClockOverheadNs(const Clock& clock) {
  uint64_t shortest = UINT64_MAX;
  for (int i = 0; i < 1000; i++) {
    const uint64_t begin = clock.Ticks();
    shortest = std::min(shortest, clock.TicksAfter() - begin);
  }
  return clock.NsOf(shortest);
}

/// Null where there is no such instruction.
Napi::Value ConfidentialFacts(Napi::Env env) {
#if defined(__x86_64__)
  const Confidential found = ReadConfidential(ReadCpuid, GetCpuFlags().hypervisor);
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("sme", Napi::Boolean::New(env, found.sme));
  facts.Set("sev", Napi::Boolean::New(env, found.sev));
  facts.Set("sevEs", Napi::Boolean::New(env, found.sev_es));
  facts.Set("sevSnp", Napi::Boolean::New(env, found.sev_snp));
  facts.Set("tdxGuest", Napi::Boolean::New(env, found.tdx_guest));
  facts.Set("hyperVIsolation", Napi::Number::New(env, found.hyper_v_isolation));
  return facts;
#else
  return env.Null();
#endif
}

Napi::Value ReportedCaches(Napi::Env env) {
  const std::vector<CpuidCache> caches = ReadCpuidCaches(ReadCpuid);
  Napi::Array list = Napi::Array::New(env, caches.size());
  for (size_t at = 0; at < caches.size(); at++) {
    Napi::Object cache = Napi::Object::New(env);
    cache.Set("level", Napi::Number::New(env, caches[at].level));
    cache.Set("type", Napi::Number::New(env, static_cast<int>(caches[at].type)));
    cache.Set("bytes", Napi::Number::New(env, static_cast<double>(caches[at].bytes)));
    list.Set(static_cast<uint32_t>(at), cache);
  }
  return list;
}

}  // namespace

Napi::Value CpuInfo(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const CpuIdentity id = ReadCpuIdentity();
  const CpuFlags& detected = GetCpuFlags();
  const Clock& clock = environment.list().clock();
  Napi::Object flags = Napi::Object::New(env);
  for (int i = 0; i < kCpuFlagCount; i++) {
    flags.Set(kCpuFlagNames[i].name, Napi::Boolean::New(env, detected.*kCpuFlagNames[i].flag));
  }
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("arch", Napi::String::New(env, kArchitecture));
  facts.Set("vendor", Napi::String::New(env, id.vendor));
  facts.Set("model", Napi::String::New(env, id.model));
  facts.Set("family", Napi::Number::New(env, id.family));
  facts.Set("modelNumber", Napi::Number::New(env, id.number));
  facts.Set("stepping", Napi::Number::New(env, id.stepping));
  facts.Set("flags", flags);
  facts.Set("hypervisorVendor", Napi::String::New(env, id.hypervisor_vendor));
  facts.Set("confidential", ConfidentialFacts(env));
  facts.Set("caches", ReportedCaches(env));
  facts.Set("tscHz", Napi::Number::New(env, clock.TicksPerSecond()));
  facts.Set("clockSource", Napi::String::New(env, SourceName(clock.source())));
  facts.Set("clockOverheadNs", Napi::Number::New(env, ClockOverheadNs(clock)));
  return facts;
}

Napi::Value CacheLineRoundTrip(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  double cpu_a, cpu_b, iterations;
  if (!ReadCpu(info[0], "cpuA", &cpu_a) || !ReadCpu(info[1], "cpuB", &cpu_b) ||
      !ReadInteger(info[2], "iterations", 1, 1e7, &iterations)) {
    return env.Undefined();
  }
  const RoundTrip trip =
      CacheLineRoundTrip(static_cast<int>(cpu_a), static_cast<int>(cpu_b), static_cast<int>(iterations));
  if (trip.error != 0) return ThrowRefusal(env, "ERR_CPU_PIN", "cannot run on both CPUs", {trip.call, trip.error});
  return Napi::Number::New(env, trip.ns);
}

Napi::Value PulseOn(const Napi::CallbackInfo& info, Environment&) {
  double cpu;
  if (!ReadCpu(info[0], "cpu", &cpu)) return info.Env().Undefined();
  const PulseResult pulse = PulseOn(static_cast<int>(cpu));
  if (pulse.error == 0) return Napi::Number::New(info.Env(), pulse.ns);
  const std::string what = "cannot run on CPU " + std::to_string(static_cast<int>(cpu));
  return ThrowRefusal(info.Env(), "ERR_CPU_PIN", what, {pulse.call, pulse.error});
}

Napi::Value Pulse(const Napi::CallbackInfo& info, Environment&) { return Napi::Number::New(info.Env(), Pulse()); }

}  // namespace copytax
