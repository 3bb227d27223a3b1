// Sockets beside those of an endpoint, and what Linux says of any.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "../net/endpoint.h"
#include "check.h"

// Of Linux 4.14 and 4.18, which the headers of an old C library do not have.
#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

namespace copytax {

constexpr int kPatienceMs = 60000;

inline int Option(const File& file, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  CHECK(getsockopt(file.number(), level, name, &value, &length) == 0);
  return value;
}

inline sockaddr_in Loopback() {
  sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return here;
}

/// A socket of UDP on loopback, and its address.
inline File BoundUdp(sockaddr_in* here) {
  *here = Loopback();
  auto* address = reinterpret_cast<sockaddr*>(here);
  socklen_t length = sizeof *here;
  File file(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  CHECK(bind(file.number(), address, length) == 0 && getsockname(file.number(), address, &length) == 0);
  return file;
}

inline void ConnectTo(const File& file, const sockaddr_in& to) {
  CHECK(connect(file.number(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
}

/// Waits for `events`.
inline void AwaitEvents(const File& file, short events) {
  pollfd wanted = {file.number(), events, 0};
  CHECK(poll(&wanted, 1, kPatienceMs) == 1);
}

/// Returns whether sends of it may do without a copy from now on.
inline bool UseZeroCopy(Endpoint& endpoint) {
  const int on = 1;
  endpoint.zero_copy = setsockopt(endpoint.sender.number(), SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on) == 0;
  if (!endpoint.zero_copy) printf("SKIPPED: no sends without a copy: %s\n", strerror(errno));
  return endpoint.zero_copy;
}

}  // namespace copytax
