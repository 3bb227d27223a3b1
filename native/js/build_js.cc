// How this addon was compiled, as far as that decides what its code is.
#include <string>

#include "build_facts.h"
#include "js.h"

/// Of glibc alone: one binary of the package serves musl, too, where it is not there.
extern "C" const char* gnu_get_libc_version() __attribute__((weak));

#if !defined(__has_feature)
#define __has_feature(feature) 0
#endif

namespace copytax {
namespace {

#if defined(__clang__)
#define COPYTAX_COMPILER "clang", __clang_major__, __clang_minor__, __clang_patchlevel__
#elif defined(__GNUC__)
#define COPYTAX_COMPILER "gcc", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__
#else
#define COPYTAX_COMPILER "other", 0, 0, 0
#endif

/// Numbers only: the compiler's own text may name who built it.
std::string Compiler(const char* name, int major, int minor, int patch) {
  return std::string(name) + " " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

/// The flags that were passed, and those that a wrapper of the compiler added without a word, as far as they show.
std::string Flags() {
  std::string flags = COPYTAX_FLAGS;
  const auto add = [&flags](const char* flag) {
    if (flags.find(flag) == std::string::npos) flags += std::string(flags.empty() ? "" : " ") + flag;
  };
#if !defined(__OPTIMIZE__)
  add("-O0");
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
  if (flags.find("-fsanitize=") == std::string::npos) add("-fsanitize=address");
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
  if (flags.find("-fsanitize=") == std::string::npos) add("-fsanitize=thread");
#endif
  return flags;
}

}  // namespace

Napi::Value Build(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  Napi::Object facts = Napi::Object::New(env);
  facts.Set("version", Napi::String::New(env, COPYTAX_VERSION));
  facts.Set("compiler", Napi::String::New(env, Compiler(COPYTAX_COMPILER)));
  facts.Set("flags", Napi::String::New(env, Flags()));
  facts.Set("nodeApi", Napi::Number::New(env, NAPI_VERSION));
  if (gnu_get_libc_version != nullptr) {
    facts.Set("libc", Napi::String::New(env, std::string("glibc ") + gnu_get_libc_version()));
  } else {
    facts.Set("libc", env.Null());
  }
  return facts;
}

}  // namespace copytax
