#include "../js.h"

namespace copytax {
namespace {

constexpr double kMaxRingFrames = 1 << 16;

bool IsPowerOfTwo(double value) {
  const auto whole = static_cast<uint64_t>(value);
  return (whole & (whole - 1)) == 0;
}

bool IsDoubles(Napi::Value value) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
}

Napi::Value ThrowNoDoubles(Napi::Env env) {
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "the argument must be a Float64Array");
  return env.Undefined();
}

template <typename T>
Napi::Value CloseIn(const Napi::CallbackInfo& info, Handles<T>& handles) {
  double number;
  if (ReadRegionId(info[0], "handle", &number)) handles.Close(static_cast<int>(number));
  return info.Env().Undefined();
}

}  // namespace

Napi::Value XdpOpen(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject()) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "options must be an object");
    return env.Undefined();
  }
  const Napi::Object object = info[0].As<Napi::Object>();
  std::string interface;
  double queue, region, offset, bytes, frame_bytes, ring_frames;
  bool zero_copy;
  if (!ReadText(object.Get("interface"), "interface", &interface) || !ReadProperty(object, "queue", 0, 65535, &queue) ||
      !ReadRegionId(object.Get("region"), "region", &region) || !ReadOffset(object.Get("offset"), "offset", &offset) ||
      !ReadOffset(object.Get("bytes"), "bytes", &bytes) ||
      !ReadProperty(object, "frameBytes", 2048, 4096, &frame_bytes) ||
      !ReadProperty(object, "ringFrames", 1, kMaxRingFrames, &ring_frames) ||
      !ReadFlag(object, "zeroCopy", false, &zero_copy)) {
    return env.Undefined();
  }
  if (!IsPowerOfTwo(frame_bytes) || !IsPowerOfTwo(ring_frames)) {
    napi_throw_range_error(env, "ERR_NOT_POWER_OF_TWO", "frameBytes and ringFrames must be powers of two");
    return env.Undefined();
  }
  const char* memory = ReadRange(env, environment, region, offset, bytes);
  if (memory == nullptr) return env.Undefined();
  std::shared_ptr<Mapping> owner = environment.regions().RegionOf(static_cast<int>(region))->mapping;
  const XdpOptions options = {interface.c_str(),
                              static_cast<int>(queue),
                              const_cast<char*>(memory),
                              static_cast<size_t>(bytes),
                              static_cast<int>(frame_bytes),
                              static_cast<int>(ring_frames),
                              zero_copy};
  Refusal refusal;
  std::unique_ptr<XdpSocket> opened = XdpSocket::Open(options, std::move(owner), &refusal);
  if (opened == nullptr) {
    const std::string what = "cannot transmit from a region through " + interface;
    return ThrowRefusal(env, "ERR_SOCKET", what, {refusal.call, refusal.error});
  }
  return Opened(env, environment.network().xdp_sockets, std::move(opened));
}

Napi::Value XdpSend(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  if (!IsDoubles(info[1]) || !IsDoubles(info[2])) return ThrowNoDoubles(env);
  XdpSocket* socket = FindOpen(info[0], environment.network().xdp_sockets);
  if (socket == nullptr) return env.Undefined();
  const Napi::Float64Array offsets = info[1].As<Napi::Float64Array>(), lengths = info[2].As<Napi::Float64Array>();
  const size_t count = std::min(offsets.ElementLength(), lengths.ElementLength());
  for (size_t i = 0; i < count; i++) {
    if (socket->Holds(offsets[i], lengths[i])) continue;
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "a frame is not within the memory of the socket");
    return env.Undefined();
  }
  const size_t taken = socket->Send(offsets.Data(), lengths.Data(), count);
  const int error = socket->Kick();
  if (error != 0) return ThrowRefusal(env, "ERR_SOCKET", "cannot transmit frames", {"sendto", error});
  return Napi::Number::New(env, static_cast<double>(taken));
}

Napi::Value XdpCompletions(const Napi::CallbackInfo& info, Environment& environment) {
  if (!IsDoubles(info[1])) return ThrowNoDoubles(info.Env());
  XdpSocket* socket = FindOpen(info[0], environment.network().xdp_sockets);
  if (socket == nullptr) return info.Env().Undefined();
  Napi::Float64Array out = info[1].As<Napi::Float64Array>();
  return Napi::Number::New(info.Env(), static_cast<double>(socket->Completions(out.Data(), out.ElementLength())));
}

Napi::Value XdpClose(const Napi::CallbackInfo& info, Environment& environment) {
  return CloseIn(info, environment.network().xdp_sockets);
}

Napi::Value PacketOpen(const Napi::CallbackInfo& info, Environment& environment) {
  std::string interface;
  if (!ReadText(info[0], "interface", &interface)) return info.Env().Undefined();
  Refusal refusal;
  File file = OpenPacketSocket(interface.c_str(), &refusal);
  if (!file.is_open()) {
    const FailedCall call = {refusal.call, refusal.error};
    return ThrowRefusal(info.Env(), "ERR_SOCKET", "cannot see what " + interface + " receives", call);
  }
  return Opened(info.Env(), environment.network().packet_sockets, std::make_unique<File>(std::move(file)));
}

Napi::Value PacketReceive(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  double region, offset, bytes;
  if (!ReadRegionId(info[1], "region", &region) || !ReadOffset(info[2], "offset", &offset) ||
      !ReadOffset(info[3], "bytes", &bytes)) {
    return env.Undefined();
  }
  const File* file = FindOpen(info[0], environment.network().packet_sockets);
  if (file == nullptr) return env.Undefined();
  char* to = const_cast<char*>(ReadRange(env, environment, region, offset, bytes));
  if (to == nullptr) return env.Undefined();
  return Napi::Number::New(env, static_cast<double>(ReceivePacket(*file, to, static_cast<size_t>(bytes))));
}

Napi::Value PacketClose(const Napi::CallbackInfo& info, Environment& environment) {
  return CloseIn(info, environment.network().packet_sockets);
}

}  // namespace copytax
