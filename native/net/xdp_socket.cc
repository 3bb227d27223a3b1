#include "xdp_socket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef SOL_XDP
#define SOL_XDP 283
#endif

namespace copytax {
namespace {

bool IsRefused(Refusal* refusal, const char* call) {
  refusal->call = call;
  refusal->error = errno;
  return false;
}

uint32_t Acquire(const uint32_t* value) { return __atomic_load_n(value, __ATOMIC_ACQUIRE); }
void Release(uint32_t* value, uint32_t next) { __atomic_store_n(value, next, __ATOMIC_RELEASE); }

}  // namespace

std::unique_ptr<XdpSocket> XdpSocket::Open(const XdpOptions& options, std::shared_ptr<Mapping> owner,
                                           Refusal* refusal) {
  std::unique_ptr<XdpSocket> made(new XdpSocket());
  const auto refused = [&](const char* call) {
    IsRefused(refusal, call);
    return std::unique_ptr<XdpSocket>();
  };
  made->owner_ = std::move(owner);
  made->memory_bytes_ = options.bytes;
  made->ring_frames_ = static_cast<uint32_t>(options.ring_frames);
  const unsigned index = if_nametoindex(options.interface);
  if (index == 0) return refused("if_nametoindex");
  made->file_ = File(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  const int file = made->file_.number();
  if (file < 0) return refused("socket(AF_XDP)");
  xdp_umem_reg memory = {};
  memory.addr = reinterpret_cast<uintptr_t>(options.memory);
  memory.len = options.bytes;
  memory.chunk_size = static_cast<uint32_t>(options.frame_bytes);
  if (setsockopt(file, SOL_XDP, XDP_UMEM_REG, &memory, sizeof memory) != 0) return refused("setsockopt(XDP_UMEM_REG)");
  // Linux binds no socket without a ring of free frames, though one that never receives leaves it empty.
  for (const int ring : {XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_TX_RING}) {
    if (setsockopt(file, SOL_XDP, ring, &options.ring_frames, sizeof options.ring_frames) != 0) {
      return refused("setsockopt(XDP rings)");
    }
  }
  if (!made->MapRings(refusal)) return nullptr;
  sockaddr_xdp address = {};
  address.sxdp_family = AF_XDP;
  address.sxdp_flags = options.zero_copy ? XDP_ZEROCOPY : XDP_COPY;
  address.sxdp_ifindex = index;
  address.sxdp_queue_id = static_cast<uint32_t>(options.queue);
  if (bind(file, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return refused("bind(AF_XDP)");
  return made;
}

bool XdpSocket::MapRings(Refusal* refusal) {
  xdp_mmap_offsets offsets = {};
  socklen_t length = sizeof offsets;
  if (getsockopt(file_.number(), SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length) != 0 || length != sizeof offsets) {
    return IsRefused(refusal, "getsockopt(XDP_MMAP_OFFSETS)");
  }
  const auto map = [&](Ring& ring, const xdp_ring_offset& at, size_t entry_bytes, uint64_t page) {
    ring.map_bytes = at.desc + ring_frames_ * entry_bytes;
    void* map = mmap(nullptr, ring.map_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file_.number(),
                     static_cast<off_t>(page));
    if (map == MAP_FAILED) return IsRefused(refusal, "mmap(XDP ring)");
    char* base = static_cast<char*>(map);
    ring.map = map;
    ring.producer = reinterpret_cast<uint32_t*>(base + at.producer);
    ring.consumer = reinterpret_cast<uint32_t*>(base + at.consumer);
    ring.entries = base + at.desc;
    return true;
  };
  return map(transmit_, offsets.tx, sizeof(xdp_desc), XDP_PGOFF_TX_RING) &&
         map(completion_, offsets.cr, sizeof(uint64_t), XDP_UMEM_PGOFF_COMPLETION_RING);
}

XdpSocket::~XdpSocket() {
  for (const Ring& ring : {transmit_, completion_}) {
    if (ring.map != nullptr) munmap(ring.map, ring.map_bytes);
  }
}

size_t XdpSocket::Send(const double* offsets, const double* lengths, size_t count) {
  const uint32_t begin = *transmit_.producer;
  const uint32_t room = ring_frames_ - (begin - Acquire(transmit_.consumer));
  const auto taken = static_cast<uint32_t>(std::min<size_t>(count, room));
  auto* entries = static_cast<xdp_desc*>(transmit_.entries);
  for (uint32_t i = 0; i < taken; i++) {
    xdp_desc& entry = entries[(begin + i) & (ring_frames_ - 1)];
    entry.addr = static_cast<uint64_t>(offsets[i]);
    entry.len = static_cast<uint32_t>(lengths[i]);
    entry.options = 0;
  }
  Release(transmit_.producer, begin + taken);
  return taken;
}

int XdpSocket::Kick() {
  if (sendto(file_.number(), nullptr, 0, MSG_DONTWAIT, nullptr, 0) >= 0) return 0;
  return errno == EAGAIN || errno == EBUSY ? 0 : errno;
}

size_t XdpSocket::Completions(double* offsets, size_t count) {
  const uint32_t begin = *completion_.consumer;
  const uint32_t ready = Acquire(completion_.producer) - begin;
  const auto taken = static_cast<uint32_t>(std::min<size_t>(count, ready));
  const auto* entries = static_cast<const uint64_t*>(completion_.entries);
  for (uint32_t i = 0; i < taken; i++) offsets[i] = static_cast<double>(entries[(begin + i) & (ring_frames_ - 1)]);
  Release(completion_.consumer, begin + taken);
  return taken;
}

File OpenPacketSocket(const char* interface, Refusal* refusal) {
  const unsigned index = if_nametoindex(interface);
  if (index == 0) {
    IsRefused(refusal, "if_nametoindex");
    return {};
  }
  File file(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  if (!file.is_open()) {
    IsRefused(refusal, "socket(AF_PACKET)");
    return {};
  }
  sockaddr_ll address = {};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(index);
  if (bind(file.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    IsRefused(refusal, "bind(AF_PACKET)");
    return {};
  }
  return file;
}

size_t ReceivePacket(const File& file, char* to, size_t room) {
  sockaddr_ll from = {};
  socklen_t length = sizeof from;
  ssize_t bytes;
  do {
    length = sizeof from;
    bytes = recvfrom(file.number(), to, room, MSG_TRUNC | MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), &length);
  } while (bytes > 0 && from.sll_pkttype == PACKET_OUTGOING);
  return bytes > 0 ? static_cast<size_t>(bytes) : 0;
}

}  // namespace copytax
