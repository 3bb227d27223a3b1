#include "js.h"

namespace copytax {
namespace {

constexpr double kMaxAlign = 1 << 30;

bool ReadId(const Napi::CallbackInfo& info, int* id) {
  double value;
  if (!ReadRegionId(info[0], "region id", &value)) return false;
  *id = static_cast<int>(value);
  return true;
}

Napi::Value ThrowNotAttached(Napi::Env env, int id) {
  return Throw(env, "ERR_REGION_CLOSED", "region " + std::to_string(id) + " is closed, or was never created");
}

bool ReadOptions(Napi::Value value, MappingOptions* options) {
  const Napi::Env env = value.Env();
  if (!value.IsObject()) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "options must be an object");
    return false;
  }
  const Napi::Object object = value.As<Napi::Object>();
  double bytes, align, lock, huge_pages, numa_node;
  if (!ReadProperty(object, "bytes", 1, static_cast<double>(kMaxRegionBytes), &bytes) ||
      !ReadProperty(object, "align", 64, kMaxAlign, &align) || !ReadProperty(object, "lock", 0, 2, &lock) ||
      !ReadProperty(object, "hugePages", 0, 2, &huge_pages) ||
      !ReadProperty(object, "numaNode", -1, 1023, &numa_node)) {
    return false;
  }
  bool populate, lock_on_fault;
  if (!ReadFlag(object, "populate", true, &populate)) return false;
  if (!ReadFlag(object, "lockOnFault", false, &lock_on_fault)) return false;
  const size_t boundary = static_cast<size_t>(align);
  if ((boundary & (boundary - 1)) != 0) {
    napi_throw_range_error(env, "ERR_NOT_POWER_OF_TWO", "align must be a power of two");
    return false;
  }
  *options = {static_cast<size_t>(bytes),
              boundary,
              static_cast<Lock>(static_cast<int>(lock)),
              static_cast<HugePages>(static_cast<int>(huge_pages)),
              static_cast<int>(numa_node),
              populate,
              lock_on_fault};
  return true;
}

Napi::Value ThrowRegionRefused(Napi::Env env, const MappingOptions& options, const Refusal& refusal) {
  const FailedCall call = {refusal.call, refusal.error};
  Napi::Object details = Napi::Object::New(env);
  details.Set("bytes", Napi::Number::New(env, static_cast<double>(options.bytes)));
  std::string size = std::to_string(options.bytes) + " bytes";
  if (refusal.available_bytes >= 0) {
    details.Set("availableBytes", Napi::Number::New(env, static_cast<double>(refusal.available_bytes)));
    size += " where " + std::to_string(refusal.available_bytes) + " are available";
  }
  if (std::string(refusal.call) != "mlock") {
    return ThrowRefusal(env, "ERR_REGION_MAP", "cannot map " + size, call, details);
  }
  const long long limit = LockLimitBytes();
  details.Set("limitBytes", Napi::Number::New(env, static_cast<double>(limit)));
  const std::string allowed = limit < 0 ? "no limit" : "a limit of " + std::to_string(limit);
  return ThrowRefusal(env, "ERR_REGION_LOCK", "cannot lock " + size + " (" + allowed + ")", call, details);
}

}  // namespace

Napi::Value RegionCreate(const Napi::CallbackInfo& info, Environment& environment) {
  MappingOptions options;
  if (!ReadOptions(info[0], &options)) return info.Env().Undefined();
  Refusal refusal;
  std::shared_ptr<Mapping> mapping = Mapping::Create(options, &refusal);
  if (mapping == nullptr) return ThrowRegionRefused(info.Env(), options, refusal);
  const std::shared_ptr<Region> region = RegisterRegion(std::move(mapping));
  if (region == nullptr) {
    return Throw(info.Env(), "ERR_TOO_MANY_REGIONS", std::to_string(kMaxRegions) + " regions exist already");
  }
  environment.regions().Attach(region);
  return Napi::Number::New(info.Env(), region->id);
}

Napi::Value RegionAttach(const Napi::CallbackInfo& info, Environment& environment) {
  int id;
  if (!ReadId(info, &id)) return info.Env().Undefined();
  const bool attached = environment.regions().Find(id) != nullptr;
  if (!attached) {
    const std::shared_ptr<Region> region = FindRegion(id);
    if (region == nullptr) return ThrowNotAttached(info.Env(), id);
    environment.regions().Attach(region);
  }
  napi_status status;
  napi_value buffer = environment.BufferOf(id, &status);
  if (buffer != nullptr) return Napi::Value(info.Env(), buffer);
  if (!attached) environment.CloseRegion(id);
  return ThrowNoBuffer(info.Env(), status);
}

Napi::Value RegionClose(const Napi::CallbackInfo& info, Environment& environment) {
  int id;
  if (!ReadId(info, &id)) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), environment.CloseRegion(id));
}

Napi::Value RegionPopulate(const Napi::CallbackInfo& info, Environment& environment) {
  int id;
  double offset, bytes;
  if (!ReadId(info, &id)) return info.Env().Undefined();
  const std::shared_ptr<Region> region = environment.regions().RegionOf(id);
  if (region == nullptr) return ThrowNotAttached(info.Env(), id);
  const double end = static_cast<double>(region->mapping->bytes());
  if (!ReadInteger(info[1], "offset", 0, end, &offset) || !ReadInteger(info[2], "bytes", 0, end - offset, &bytes)) {
    return info.Env().Undefined();
  }
  region->mapping->WritePages(static_cast<size_t>(offset), static_cast<size_t>(bytes));
  return info.Env().Undefined();
}

Napi::Value RegionHugeBytes(const Napi::CallbackInfo& info, Environment& environment) {
  int id;
  if (!ReadId(info, &id)) return info.Env().Undefined();
  const std::shared_ptr<Region> region = environment.regions().RegionOf(id);
  if (region == nullptr) return ThrowNotAttached(info.Env(), id);
  return Napi::Number::New(info.Env(), static_cast<double>(region->mapping->HugeBytes()));
}

Napi::Value RegionInfo(const Napi::CallbackInfo& info, Environment& environment) {
  int id;
  if (!ReadId(info, &id)) return info.Env().Undefined();
  const std::shared_ptr<Region> region = environment.regions().RegionOf(id);
  if (region == nullptr) return ThrowNotAttached(info.Env(), id);
  const Mapping& mapping = *region->mapping;
  Napi::Object facts = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, double value) { facts.Set(name, Napi::Number::New(info.Env(), value)); };
  set("bytes", static_cast<double>(mapping.bytes()));
  set("align", static_cast<double>(mapping.align()));
  facts.Set("locked", Napi::Boolean::New(info.Env(), mapping.locked()));
  set("lockErrno", mapping.lock_error());
  set("lockLimitBytes", static_cast<double>(LockLimitBytes()));
  set("hugePages", static_cast<int>(mapping.huge_pages()));
  set("hugePagesErrno", mapping.huge_pages_error());
  set("pageBytes", static_cast<double>(mapping.page_bytes()));
  set("numaNode", mapping.NumaNode());
  set("address", static_cast<double>(reinterpret_cast<uintptr_t>(mapping.base())));
  set("attachments", region->attachments.load());
  return facts;
}

}  // namespace copytax
