#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>

#include "../js.h"

#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

namespace copytax {
namespace {

constexpr double kMaxBufferBytes = 1 << 30;
/// A call cannot be interrupted.
constexpr double kMaxTimeoutMs = 60000;

Napi::Value ThrowSocket(Napi::Env env, const std::string& what, const Refusal& refusal) {
  return ThrowRefusal(env, "ERR_SOCKET", what, {refusal.call, refusal.error});
}

bool ReadEndpoint(Napi::Value value, std::string* address, EndpointOptions* options, int* timeout_ms) {
  const Napi::Env env = value.Env();
  if (!value.IsObject()) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "options must be an object");
    return false;
  }
  const Napi::Object object = value.As<Napi::Object>();
  double protocol, port, segment_bytes, buffer_bytes, timeout;
  bool zero_copy;
  if (!ReadProperty(object, "protocol", 0, 1, &protocol) || !ReadText(object.Get("address"), "address", address) ||
      !ReadProperty(object, "port", 1, 65535, &port) ||
      !ReadProperty(object, "segmentBytes", 0, 65507, &segment_bytes) ||
      !ReadFlag(object, "zeroCopy", false, &zero_copy) ||
      !ReadProperty(object, "bufferBytes", 0, kMaxBufferBytes, &buffer_bytes) ||
      !ReadProperty(object, "timeoutMs", 0, kMaxTimeoutMs, &timeout)) {
    return false;
  }
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, address->c_str(), &to.sin_addr) != 1) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "address must be one of IPv4, such as 10.0.0.1");
    return false;
  }
  *options = {protocol == 0 ? Protocol::kTcp : Protocol::kUdp, to, static_cast<int>(segment_bytes), zero_copy,
              static_cast<int>(buffer_bytes)};
  *timeout_ms = static_cast<int>(timeout);
  return true;
}

}  // namespace

Napi::Value SocketConnect(const Napi::CallbackInfo& info, Environment& environment) {
  std::string address;
  EndpointOptions options;
  int timeout_ms;
  if (!ReadEndpoint(info[0], &address, &options, &timeout_ms)) return info.Env().Undefined();
  Refusal refusal;
  std::unique_ptr<Endpoint> endpoint = Connect(options, timeout_ms, &refusal);
  if (endpoint == nullptr) {
    const std::string to = address + " port " + std::to_string(ntohs(options.to.sin_port));
    return ThrowSocket(info.Env(), "cannot send to " + to, refusal);
  }
  return Opened(info.Env(), environment.network().endpoints, std::move(endpoint));
}

Napi::Value SocketToItself(const Napi::CallbackInfo& info, Environment& environment) {
  double buffer_bytes;
  if (!ReadInteger(info[0], "bufferBytes", 0, kMaxBufferBytes, &buffer_bytes)) return info.Env().Undefined();
  Refusal refusal;
  std::unique_ptr<Endpoint> endpoint = ConnectToItself(static_cast<int>(buffer_bytes), &refusal);
  if (endpoint == nullptr) return ThrowSocket(info.Env(), "cannot send over loopback", refusal);
  return Opened(info.Env(), environment.network().endpoints, std::move(endpoint));
}

Napi::Value SocketSend(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  double region, offset, bytes;
  if (!ReadRegionId(info[1], "region", &region) || !ReadOffset(info[2], "offset", &offset) ||
      !ReadOffset(info[3], "bytes", &bytes)) {
    return env.Undefined();
  }
  Endpoint* endpoint = FindOpen(info[0], environment.network().endpoints);
  if (endpoint == nullptr) return env.Undefined();
  const char* from = ReadRange(env, environment, region, offset, bytes);
  if (from == nullptr) return env.Undefined();
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (endpoint->zero_copy ? MSG_ZEROCOPY : 0);
  const ssize_t sent = send(endpoint->sender.number(), from, static_cast<size_t>(bytes), flags);
  if (sent >= 0) {
    // Linux tells nothing of a send without bytes.
    if (endpoint->zero_copy && bytes > 0) endpoint->sends++;
    endpoint->has_no_notices = false;
    return Napi::Number::New(env, static_cast<double>(sent));
  }
  const int error = errno;
  bool may_send_later = error == EAGAIN;
  if (error == ENOBUFS && endpoint->zero_copy) {
    // Linux keeps a limited amount of memory pinned, and of notices: what is done makes room.
    const uint32_t before = endpoint->completed;
    ReadCompletions(*endpoint);
    endpoint->has_no_notices = endpoint->completed == before;
    may_send_later = endpoint->completed != before || endpoint->completed != endpoint->sends;
  }
  if (may_send_later) return Napi::Number::New(env, -1);
  return ThrowRefusal(env, "ERR_SOCKET", "cannot send", {"send", error});
}

Napi::Value SocketAwaitRoom(const Napi::CallbackInfo& info, Environment& environment) {
  double timeout_ms;
  if (!ReadInteger(info[1], "timeoutMs", 0, kMaxTimeoutMs, &timeout_ms)) return info.Env().Undefined();
  Endpoint* endpoint = FindOpen(info[0], environment.network().endpoints);
  if (endpoint == nullptr) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), AwaitRoom(*endpoint, static_cast<int>(timeout_ms)));
}

Napi::Value SocketAwaitCompletions(const Napi::CallbackInfo& info, Environment& environment) {
  double timeout_ms;
  if (!ReadInteger(info[1], "timeoutMs", 0, kMaxTimeoutMs, &timeout_ms)) return info.Env().Undefined();
  Endpoint* endpoint = FindOpen(info[0], environment.network().endpoints);
  if (endpoint == nullptr) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), AwaitCompletions(*endpoint, static_cast<int>(timeout_ms)));
}

Napi::Value SocketCompletions(const Napi::CallbackInfo& info, Environment& environment) {
  Endpoint* endpoint = FindOpen(info[0], environment.network().endpoints);
  if (endpoint == nullptr) return info.Env().Undefined();
  ReadCompletions(*endpoint);
  Napi::Object counts = Napi::Object::New(info.Env());
  counts.Set("sends", Napi::Number::New(info.Env(), endpoint->sends));
  counts.Set("completed", Napi::Number::New(info.Env(), endpoint->completed));
  counts.Set("copied", Napi::Number::New(info.Env(), endpoint->copied));
  return counts;
}

Napi::Value SocketClose(const Napi::CallbackInfo& info, Environment& environment) {
  double number;
  if (ReadRegionId(info[0], "handle", &number)) environment.network().endpoints.Close(static_cast<int>(number));
  return info.Env().Undefined();
}

Napi::Value FileOf(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  double region, offset, bytes;
  if (!ReadRegionId(info[0], "region", &region) || !ReadOffset(info[1], "offset", &offset) ||
      !ReadInteger(info[2], "bytes", 1, static_cast<double>(kMaxRegionBytes), &bytes)) {
    return env.Undefined();
  }
  const char* from = ReadRange(env, environment, region, offset, bytes);
  if (from == nullptr) return env.Undefined();
  Refusal refusal;
  std::unique_ptr<SealedFile> file = SealedFile::Of(from, static_cast<size_t>(bytes), &refusal);
  if (file == nullptr) return ThrowSocket(env, "cannot make a file in memory", refusal);
  return Opened(env, environment.network().files, std::move(file));
}

Napi::Value FileClose(const Napi::CallbackInfo& info, Environment& environment) {
  double number;
  if (ReadRegionId(info[0], "handle", &number)) environment.network().files.Close(static_cast<int>(number));
  return info.Env().Undefined();
}

}  // namespace copytax
