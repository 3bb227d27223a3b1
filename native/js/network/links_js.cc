#include <arpa/inet.h>

#include "../../net/links.h"
#include "../js.h"

namespace copytax {
namespace {

/// Reads an IPv4 address such as 10.0.0.1 into network byte order; returns false when it is none, with an exception.
bool ReadAddress(Napi::Value value, uint32_t* address) {
  std::string text;
  if (!ReadText(value, "address", &text)) return false;
  if (inet_pton(AF_INET, text.c_str(), address) == 1) return true;
  napi_throw_range_error(value.Env(), "ERR_OUT_OF_RANGE", "address must be one of IPv4, such as 10.0.0.1");
  return false;
}

Napi::Value Done(Napi::Env env, const char* what, int error) {
  if (error == 0) return env.Undefined();
  return ThrowRefusal(env, "ERR_SOCKET", what, {"rtnetlink", error});
}

}  // namespace

Napi::Value LinkPair(const Napi::CallbackInfo& info, Environment&) {
  std::string name, peer;
  if (!ReadText(info[0], "name", &name) || !ReadText(info[1], "peer", &peer)) return info.Env().Undefined();
  return Done(info.Env(), "cannot make a pair of virtual devices", CreateVethPair(name.c_str(), peer.c_str()));
}

Napi::Value LinkUp(const Napi::CallbackInfo& info, Environment&) {
  std::string name;
  if (!ReadText(info[0], "name", &name)) return info.Env().Undefined();
  return Done(info.Env(), "cannot bring up an interface", SetLinkUp(name.c_str()));
}

Napi::Value LinkAddress(const Napi::CallbackInfo& info, Environment&) {
  std::string name;
  uint32_t address;
  double prefix;
  if (!ReadText(info[0], "name", &name) || !ReadAddress(info[1], &address) ||
      !ReadInteger(info[2], "prefix", 1, 32, &prefix)) {
    return info.Env().Undefined();
  }
  return Done(info.Env(), "cannot add an address", AddAddress(name.c_str(), address, static_cast<int>(prefix)));
}

Napi::Value LinkNeighbour(const Napi::CallbackInfo& info, Environment&) {
  constexpr double kMost = static_cast<double>((1ull << 48) - 1);
  std::string name;
  uint32_t address;
  double hardware_address;
  if (!ReadText(info[0], "name", &name) || !ReadAddress(info[1], &address) ||
      !ReadInteger(info[2], "hardwareAddress", 0, kMost, &hardware_address)) {
    return info.Env().Undefined();
  }
  uint8_t bytes[6];
  for (int i = 0; i < 6; i++) bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(hardware_address) >> (40 - 8 * i));
  return Done(info.Env(), "cannot add a neighbour", AddNeighbour(name.c_str(), address, bytes));
}

}  // namespace copytax
