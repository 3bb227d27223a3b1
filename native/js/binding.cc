// Every function that JavaScript can call. lib/addon/addon.ts declares the same names.
#include <node_api.h>

#include "js.h"

namespace copytax {
namespace {

struct Export {
  const char* name;
  napi_callback function;
};

constexpr Export kExports[] = {
    // work lists: the hot path
    {"copyList", CopyList},
    {"checksumList", ChecksumList},
    {"clock", ReadClock},
    {"relax", Relax},
    {"noop", Noop},
    {"listAttach", Cold<ListAttach>},
    // regions
    {"regionCreate", Cold<RegionCreate>},
    {"regionAttach", Cold<RegionAttach>},
    {"regionClose", Cold<RegionClose>},
    {"regionInfo", Cold<RegionInfo>},
    {"regionPopulate", Cold<RegionPopulate>},
    {"regionHugeBytes", Cold<RegionHugeBytes>},
    // copies
    {"copy", Cold<Copy>},
    {"checksum", Cold<Checksum>},
    {"flush", Cold<Flush>},
    {"timedCopy", Cold<TimeCopies>},
    {"copyKernels", Cold<ListCopyKernels>},
    // the addon itself
    {"build", Cold<Build>},
    // the CPU
    {"cpuInfo", Cold<CpuInfo>},
    {"cacheLineRoundTrip", Cold<CacheLineRoundTrip>},
    {"pulseOn", Cold<PulseOn>},
    {"pointerChase", Cold<PointerChase>},
    // the calling thread
    {"pulse", Cold<Pulse>},
    {"pinThread", Cold<PinThread>},
    {"affinity", Cold<Affinity>},
    {"threadUsage", Cold<ThreadUsage>},
    {"countersOpen", Cold<CountersOpen>},
    {"countersRead", Cold<CountersRead>},
    {"countersClose", Cold<CountersClose>},
    // interfaces of the network namespace
    {"linkPair", Cold<LinkPair>},
    {"linkUp", Cold<LinkUp>},
    {"linkAddress", Cold<LinkAddress>},
    {"linkNeighbour", Cold<LinkNeighbour>},
    // sockets
    {"socketConnect", Cold<SocketConnect>},
    {"socketToItself", Cold<SocketToItself>},
    {"socketSend", Cold<SocketSend>},
    {"socketAwaitRoom", Cold<SocketAwaitRoom>},
    {"socketAwaitCompletions", Cold<SocketAwaitCompletions>},
    {"socketCompletions", Cold<SocketCompletions>},
    {"socketClose", Cold<SocketClose>},
    {"fileOf", Cold<FileOf>},
    {"fileClose", Cold<FileClose>},
    {"timedSend", Cold<TimeSends>},
    {"xdpOpen", Cold<XdpOpen>},
    {"xdpSend", Cold<XdpSend>},
    {"xdpCompletions", Cold<XdpCompletions>},
    {"xdpClose", Cold<XdpClose>},
    {"packetOpen", Cold<PacketOpen>},
    {"packetReceive", Cold<PacketReceive>},
    {"packetClose", Cold<PacketClose>},
};

void DeleteEnvironment(napi_env, void* environment, void*) { delete static_cast<Environment*>(environment); }

}  // namespace
}  // namespace copytax

NAPI_MODULE_INIT() {
  using namespace copytax;
  std::unique_ptr<Environment> created = Environment::Create(env);
  if (created == nullptr) {
    napi_throw_error(env, "ERR_REGION_MAP", "no memory for the work list");
    return nullptr;
  }
  // From here on the environment lives as long as the runtime's own: functions that point to it may be called until
  // then.
  Environment* environment = created.get();
  if (napi_set_instance_data(env, environment, DeleteEnvironment, nullptr) != napi_ok) return nullptr;
  created.release();
  for (const Export& entry : kExports) {
    const napi_property_descriptor property = {entry.name, nullptr, entry.function,  nullptr,
                                               nullptr,    nullptr, napi_enumerable, environment};
    if (napi_define_properties(env, exports, 1, &property) != napi_ok) return nullptr;
  }
  return exports;
}
