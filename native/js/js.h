// What the functions at the boundary share: how they read arguments, throw errors and reach the state of their
// environment.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

#include "environment.h"

namespace copytax {

/// A function that may allocate and throw: it sees node-addon-api. The hot ones take the raw call instead.
using ColdFunction = Napi::Value (*)(const Napi::CallbackInfo& info, Environment& environment);

template <ColdFunction function>
napi_value Cold(napi_env env, napi_callback_info raw) {
  const Napi::CallbackInfo info(env, raw);
  return function(info, *static_cast<Environment*>(info.Data()));
}

/// Throws an Error with `code` and `details` ({errno, syscall, ...}); returns undefined, to be returned.
Napi::Value Throw(Napi::Env env, const char* code, const std::string& message, Napi::Object details = {});

/// A system call that failed, and its errno.
struct FailedCall {
  const char* name;
  int error;
};

/// Throws for a system call that failed: details hold errno and syscall.
Napi::Value ThrowRefusal(Napi::Env env, const char* code, const std::string& what, const FailedCall& call,
                         Napi::Object details = {});

/// Reads an integer within [low, high]. Returns false when it is none, and then an exception is pending.
bool ReadInteger(Napi::Value value, const char* name, double low, double high, double* out);

/// Reads the property `name` of `object` likewise. A getter may do anything, so read all properties before acting.
bool ReadProperty(Napi::Object object, const char* name, double low, double high, double* out);

/// Reads the property `name` as a boolean, of whatever type it is; `otherwise` where it is undefined. Returns false
/// when an exception is pending.
bool ReadFlag(Napi::Object object, const char* name, bool otherwise, bool* out);

/// Reads a string; returns false when it is none, and then an exception is pending.
bool ReadText(Napi::Value value, const char* name, std::string* out);

// As ReadInteger, each with its own bounds.
bool ReadRegionId(Napi::Value value, const char* name, double* out);
bool ReadOffset(Napi::Value value, const char* name, double* out);
bool ReadCpu(Napi::Value value, const char* name, double* out);

/// Returns the number that `opened` got in a table of handles; throws ERR_SOCKET where the table is full.
template <typename T>
Napi::Value Opened(Napi::Env env, Handles<T>& handles, std::unique_ptr<T> opened) {
  const int number = handles.Add(std::move(opened));
  if (number != 0) return Napi::Number::New(env, number);
  return Throw(env, "ERR_SOCKET", "this thread has as many sockets open as it can have");
}

/// Returns what is open under that number; null, and then an exception is pending, when nothing is.
template <typename T>
T* FindOpen(Napi::Value number, const Handles<T>& handles) {
  double value;
  if (!ReadRegionId(number, "handle", &value)) return nullptr;
  T* const found = handles.Find(static_cast<int>(value));
  if (found == nullptr) Throw(number.Env(), "ERR_SOCKET_CLOSED", "the socket is closed, or was never opened here");
  return found;
}

/// Throws ERR_EXTERNAL_MEMORY unless the runtime has thrown an error itself.
Napi::Value ThrowNoBuffer(Napi::Env env, napi_status status);

/// Returns the copy kernel of that index; null when this host has none, and then an exception is pending.
CopyFunction CopyKernelOrThrow(Napi::Env env, Environment& environment, double index);

/// Returns true when the ranges do not overlap; otherwise an exception is pending.
bool CheckApart(Napi::Env env, const char* a, size_t a_bytes, const char* b, size_t b_bytes);

/// Returns the address of the bytes that {region, offset, bytes} name; null when they are not within a region that this
/// environment is attached to, and then an exception is pending.
const char* ReadRange(Napi::Env env, Environment& environment, double region, double offset, double bytes);

// The hot functions of the export table: raw, so that a call makes no handle but its result.
napi_value CopyList(napi_env env, napi_callback_info info);
napi_value ChecksumList(napi_env env, napi_callback_info info);
napi_value ReadClock(napi_env env, napi_callback_info info);
napi_value Relax(napi_env env, napi_callback_info info);
napi_value Noop(napi_env env, napi_callback_info info);

// The cold functions of the export table.
Napi::Value RegionCreate(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value RegionAttach(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value RegionClose(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value RegionInfo(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value RegionPopulate(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value RegionHugeBytes(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value ListAttach(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Copy(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Checksum(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Flush(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value TimeCopies(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value ListCopyKernels(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Build(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PointerChase(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value CpuInfo(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value CacheLineRoundTrip(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PulseOn(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Pulse(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PinThread(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value Affinity(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value ThreadUsage(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value CountersOpen(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value CountersRead(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value CountersClose(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value LinkPair(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value LinkUp(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value LinkAddress(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value LinkNeighbour(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketConnect(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketToItself(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketSend(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketAwaitRoom(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketAwaitCompletions(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketCompletions(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value SocketClose(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value FileOf(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value FileClose(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value TimeSends(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value XdpOpen(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value XdpSend(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value XdpCompletions(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value XdpClose(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PacketOpen(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PacketReceive(const Napi::CallbackInfo& info, Environment& environment);
Napi::Value PacketClose(const Napi::CallbackInfo& info, Environment& environment);

}  // namespace copytax
