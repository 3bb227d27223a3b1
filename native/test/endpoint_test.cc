#include "../net/endpoint.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "apart.h"
#include "sockets.h"

namespace copytax {
namespace {

constexpr int kSmallBytes = 16384, kLargeBytes = 65536;

/// Linux doubles what is asked for, and counts its own memory in.
void OptionsAreSet() {
  Refusal refusal;
  sockaddr_in to;
  const File receiver = BoundUdp(&to);
  for (const int bytes : {kSmallBytes, kLargeBytes}) {
    const auto udp = Connect({Protocol::kUdp, to, 1000, false, bytes}, 0, &refusal);
    CHECK(udp != nullptr && Option(udp->sender, SOL_SOCKET, SO_SNDBUF) == 2 * bytes);
    CHECK(Option(udp->sender, IPPROTO_UDP, UDP_SEGMENT) == 1000);
    const auto tcp = ConnectToItself(bytes, &refusal);
    if (tcp == nullptr) {
      printf("SKIPPED: no TCP over loopback: %s: %s\n", refusal.call, strerror(refusal.error));
      return;
    }
    CHECK(Option(tcp->sender, SOL_SOCKET, SO_SNDBUF) == 2 * bytes);
    CHECK(Option(tcp->receiver, SOL_SOCKET, SO_RCVBUF) == 2 * bytes);
    CHECK(Option(tcp->sender, IPPROTO_TCP, TCP_NODELAY) != 0);
  }
  const File usual(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto udp = Connect({Protocol::kUdp, to, 0, false, 0}, 0, &refusal);
  CHECK(Option(udp->sender, SOL_SOCKET, SO_SNDBUF) == Option(usual, SOL_SOCKET, SO_SNDBUF));
  CHECK(Option(udp->sender, SOL_SOCKET, SO_ZEROCOPY) == 0 && Option(udp->sender, IPPROTO_UDP, UDP_SEGMENT) == 0);
  const auto zero_copy = Connect({Protocol::kUdp, to, 0, true, 0}, 0, &refusal);
  CHECK(zero_copy == nullptr || Option(zero_copy->sender, SOL_SOCKET, SO_ZEROCOPY) == 1);
}

/// From now on Linux refuses this process this option of sockets; returns false where it lets no filter be set.
bool RefuseOption(uint32_t level, uint32_t name) {
  constexpr auto kLevel = offsetof(seccomp_data, args[1]), kName = offsetof(seccomp_data, args[2]);
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setsockopt, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kLevel),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, level, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kName),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, name, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOPROTOOPT),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {sizeof steps / sizeof *steps, steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// An older Linux has one of these options and not another: it is named, and what does without is opened.
void OptionsAreRefused() {
  struct Refused {
    int level, name;
    const char* call;
    EndpointOptions wanting, without;
  };
  sockaddr_in to;
  const File receiver = BoundUdp(&to);
  const Refused all[] = {
      {SOL_SOCKET,
       SO_ZEROCOPY,
       "setsockopt(SO_ZEROCOPY)",
       {Protocol::kUdp, to, 1000, true, kSmallBytes},
       {Protocol::kUdp, to, 1000, false, kSmallBytes}},
      {SOL_SOCKET,
       SO_ZEROCOPY,
       "setsockopt(SO_ZEROCOPY)",
       {Protocol::kTcp, to, 0, true, 0},
       {Protocol::kUdp, to, 0, false, 0}},
      {SOL_SOCKET,
       SO_SNDBUF,
       "setsockopt(SO_SNDBUF)",
       {Protocol::kTcp, to, 0, false, kSmallBytes},
       {Protocol::kUdp, to, 1000, false, 0}},
      {IPPROTO_UDP,
       UDP_SEGMENT,
       "setsockopt(UDP_SEGMENT)",
       {Protocol::kUdp, to, 1000, false, 0},
       {Protocol::kUdp, to, 0, false, kSmallBytes}},
  };
  for (const Refused& one : all) {
    RunApart([&] {
      if (!RefuseOption(static_cast<uint32_t>(one.level), static_cast<uint32_t>(one.name))) {
        printf("SKIPPED: options of sockets cannot be refused: %s\n", strerror(errno));
        return;
      }
      Refusal refusal;
      CHECK(Connect(one.wanting, 0, &refusal) == nullptr);
      CHECK(strcmp(refusal.call, one.call) == 0 && refusal.error == ENOPROTOOPT);
      CHECK(Connect(one.without, 0, &refusal) != nullptr);
    });
  }
}

}  // namespace

void TestEndpoints(Random&) {
  if (getenv("COPYTAX_EMULATED") != nullptr) return;  // an emulator does not know all options
  OptionsAreSet();
  OptionsAreRefused();
}

}  // namespace copytax
