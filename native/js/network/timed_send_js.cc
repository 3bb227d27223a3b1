#include "../../net/timed_send.h"
#include "../js.h"

namespace copytax {
namespace {

constexpr double kMaxMessages = 1 << 20;
/// Limit of one call: a call cannot be interrupted.
constexpr double kMaxTotalBytes = static_cast<double>(1ull << 36);
/// What the shortest message counts in that sum: a system call takes as long as many bytes.
constexpr double kMinMessageBytes = 16384;
constexpr size_t kTimes = 5;

}  // namespace

Napi::Value TimeSends(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject() || !info[1].IsTypedArray() ||
      info[1].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "arguments must be an object and a Float64Array");
    return env.Undefined();
  }
  const Napi::Object object = info[0].As<Napi::Object>();
  double socket, call, region, offset, span, file_number, bytes, messages, most, to_region, to_offset, to_span;
  bool flush;
  if (!ReadProperty(object, "socket", 1, INT32_MAX, &socket) || !ReadProperty(object, "call", 0, 2, &call) ||
      !ReadRegionId(object.Get("region"), "region", &region) || !ReadOffset(object.Get("offset"), "offset", &offset) ||
      !ReadOffset(object.Get("span"), "span", &span) || !ReadProperty(object, "file", 0, INT32_MAX, &file_number) ||
      !ReadOffset(object.Get("bytes"), "bytes", &bytes) ||
      !ReadProperty(object, "messages", 1, kMaxMessages, &messages) ||
      !ReadProperty(object, "mostAtOnce", 1, static_cast<double>(kMaxRegionBytes), &most) ||
      !ReadRegionId(object.Get("toRegion"), "toRegion", &to_region) ||
      !ReadOffset(object.Get("toOffset"), "toOffset", &to_offset) ||
      !ReadOffset(object.Get("toSpan"), "toSpan", &to_span) || !ReadFlag(object, "flush", false, &flush)) {
    return env.Undefined();
  }
  // All properties have been read: from here on no script runs, so that nothing checked below can change.
  Napi::Float64Array out = info[1].As<Napi::Float64Array>();
  if (out.ElementLength() < kTimes || bytes < 1 || bytes > span ||
      std::max(bytes, kMinMessageBytes) * messages > kMaxTotalBytes) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "a message, its span, their sum of 64 GiB or the room for times");
    return env.Undefined();
  }
  Network& network = environment.network();
  Endpoint* endpoint = FindOpen(Napi::Number::New(env, socket), network.endpoints);
  if (endpoint == nullptr) return env.Undefined();
  TimedSend spec = {};
  spec.endpoint = endpoint;
  spec.call = static_cast<SendCall>(static_cast<int>(call));
  spec.file = -1;
  char* base;
  if (spec.call == SendCall::kSend) {
    base = const_cast<char*>(ReadRange(env, environment, region, offset, span));
    if (base == nullptr) return env.Undefined();
  } else {
    const SealedFile* file = FindOpen(Napi::Number::New(env, file_number), network.files);
    if (file == nullptr) return env.Undefined();
    if (offset + span > static_cast<double>(file->bytes()) || !endpoint->receiver.is_open()) {
      napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "the span ends beyond the file, or the socket is of no pair");
      return env.Undefined();
    }
    base = file->map() + static_cast<size_t>(offset);
    spec.file_offset = static_cast<size_t>(offset);
    spec.file = file->file().number();
  }
  spec.from = {base, static_cast<size_t>(span), flush};
  spec.bytes = static_cast<size_t>(bytes);
  spec.messages = static_cast<size_t>(messages);
  spec.most_at_once = static_cast<size_t>(most);
  if (to_span > 0) {
    spec.received = const_cast<char*>(ReadRange(env, environment, to_region, to_offset, to_span));
    if (spec.received == nullptr) return env.Undefined();
    spec.received_room = static_cast<size_t>(to_span);
  }
  SendTimes times;
  const int error = RunTimedSend(spec, &times);
  if (error != 0) return ThrowRefusal(env, "ERR_SOCKET", "a timed send ended", {"send", error});
  const double all[kTimes] = {times.send_ns, times.receive_ns, times.complete_ns, times.calls, times.received_bytes};
  for (size_t i = 0; i < kTimes; i++) out[i] = all[i];
  return env.Undefined();
}

}  // namespace copytax
