#include "endpoint.h"

#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

// Of Linux 4.14 and 4.18, which the headers of an old C library do not have.
#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#ifndef SO_EE_ORIGIN_ZEROCOPY
#define SO_EE_ORIGIN_ZEROCOPY 5
#endif
#ifndef SO_EE_CODE_ZEROCOPY_COPIED
#define SO_EE_CODE_ZEROCOPY_COPIED 1
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

namespace copytax {
namespace {

std::unique_ptr<Endpoint> Refused(Refusal* refusal, const char* call, int error = errno) {
  refusal->call = call;
  refusal->error = error;
  return nullptr;
}

bool Set(const File& file, int level, int name, int value) {
  return setsockopt(file.number(), level, name, &value, sizeof value) == 0;
}

bool Await(const File& file, short events, int timeout_ms) {
  pollfd wanted = {file.number(), events, 0};
  return poll(&wanted, 1, timeout_ms) == 1 && (wanted.revents & events) != 0;
}

/// Returns why a connection that was begun without waiting did not come about; 0 if it did.
int AwaitConnection(const File& file, int timeout_ms) {
  pollfd wanted = {file.number(), POLLOUT, 0};
  if (poll(&wanted, 1, timeout_ms) != 1) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(file.number(), SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

int64_t NowMs() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

/// Reads completions and polls until `is_done` of what poll saw, or `timeout_ms` are over; returns whether it is. Poll
/// returns at once also for an error that stays, so that it is not asked again before a millisecond is over.
template <typename IsDone>
bool Poll(Endpoint& endpoint, short events, int timeout_ms, IsDone is_done) {
  const int64_t end_ms = NowMs() + timeout_ms;
  for (;;) {
    pollfd wanted = {endpoint.sender.number(), events, 0};
    const uint32_t before = endpoint.completed;
    poll(&wanted, 1, 0);
    ReadCompletions(endpoint);
    if (is_done(wanted.revents)) return true;
    const int left_ms = static_cast<int>(std::max<int64_t>(0, end_ms - NowMs()));
    if (left_ms == 0) return false;
    if (wanted.revents != 0) {
      if (endpoint.completed == before) poll(nullptr, 0, 1);
    } else {
      poll(&wanted, 1, left_ms);
    }
  }
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  if (is_open()) close(number_);
  number_ = other.Release();
  return *this;
}

File::~File() {
  if (is_open()) close(number_);
}

int File::Release() {
  const int number = number_;
  number_ = -1;
  return number;
}

std::unique_ptr<Endpoint> Connect(const EndpointOptions& options, int timeout_ms, Refusal* refusal) {
  const bool is_tcp = options.protocol == Protocol::kTcp;
  const int type = (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  auto endpoint = std::make_unique<Endpoint>();
  endpoint->sender = File(socket(AF_INET, type, 0));
  const File& file = endpoint->sender;
  if (!file.is_open()) return Refused(refusal, "socket");
  if (options.buffer_bytes > 0 && !Set(file, SOL_SOCKET, SO_SNDBUF, options.buffer_bytes)) {
    return Refused(refusal, "setsockopt(SO_SNDBUF)");
  }
  if (is_tcp) Set(file, IPPROTO_TCP, TCP_NODELAY, 1);
  if (options.segment_bytes > 0 && !Set(file, IPPROTO_UDP, UDP_SEGMENT, options.segment_bytes)) {
    return Refused(refusal, "setsockopt(UDP_SEGMENT)");
  }
  endpoint->zero_copy = options.zero_copy;
  if (options.zero_copy && !Set(file, SOL_SOCKET, SO_ZEROCOPY, 1)) return Refused(refusal, "setsockopt(SO_ZEROCOPY)");
  if (connect(file.number(), reinterpret_cast<const sockaddr*>(&options.to), sizeof options.to) == 0) return endpoint;
  if (errno != EINPROGRESS) return Refused(refusal, "connect");
  const int error = AwaitConnection(file, timeout_ms);
  return error == 0 ? std::move(endpoint) : Refused(refusal, "connect", error);
}

std::unique_ptr<Endpoint> ConnectToItself(int buffer_bytes, Refusal* refusal) {
  constexpr int kTimeoutMs = 1000;
  const File listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) return Refused(refusal, "socket");
  sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&here);
  socklen_t length = sizeof here;
  if (buffer_bytes > 0) Set(listener, SOL_SOCKET, SO_RCVBUF, buffer_bytes);
  if (bind(listener.number(), address, length) != 0) return Refused(refusal, "bind");
  if (listen(listener.number(), 1) != 0) return Refused(refusal, "listen");
  if (getsockname(listener.number(), address, &length) != 0) return Refused(refusal, "getsockname");
  auto endpoint = Connect({Protocol::kTcp, here, 0, false, buffer_bytes}, kTimeoutMs, refusal);
  if (endpoint == nullptr) return nullptr;
  if (!Await(listener, POLLIN, kTimeoutMs)) return Refused(refusal, "accept", ETIMEDOUT);
  endpoint->receiver = File(accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!endpoint->receiver.is_open()) return Refused(refusal, "accept");
  int pipe[2];
  if (pipe2(pipe, O_NONBLOCK | O_CLOEXEC) != 0) return Refused(refusal, "pipe");
  endpoint->pipe_out = File(pipe[0]);
  endpoint->pipe_in = File(pipe[1]);
  return endpoint;
}

bool AwaitRoom(Endpoint& endpoint, int timeout_ms) {
  const uint32_t before = endpoint.completed;
  return Poll(endpoint, POLLOUT, timeout_ms, [&](short seen) {
    if (endpoint.has_no_notices && endpoint.completed == before) return false;
    return (seen & POLLOUT) != 0 || (seen & (POLLERR | POLLHUP) && endpoint.completed == before);
  });
}

bool AwaitCompletions(Endpoint& endpoint, int timeout_ms) {
  return Poll(endpoint, 0, timeout_ms, [&](short) { return endpoint.completed == endpoint.sends; });
}

void ReadCompletions(Endpoint& endpoint) {
  while (endpoint.completed != endpoint.sends) {
    alignas(cmsghdr) char control[128];
    msghdr message = {};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(endpoint.sender.number(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
      const auto* error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(part));
      if (error->ee_origin != SO_EE_ORIGIN_ZEROCOPY || error->ee_errno != 0) continue;
      const uint32_t sends = error->ee_data - error->ee_info + 1;
      endpoint.completed += sends;
      if ((error->ee_code & SO_EE_CODE_ZEROCOPY_COPIED) != 0) endpoint.copied += sends;
    }
  }
}

}  // namespace copytax
