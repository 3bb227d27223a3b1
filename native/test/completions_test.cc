// What Linux tells in the queue of errors of a socket, and what is waited for.
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../net/endpoint.h"
#include "../net/links.h"
#include "apart.h"
#include "sockets.h"

namespace copytax {
namespace {

constexpr int kBufferBytes = 65536;

/// Returns whether Linux took some of it: the one error that a test can go on with is that there is no room.
bool SendSome(Endpoint& endpoint, const std::vector<char>& from) {
  const ssize_t sent = send(endpoint.sender.number(), from.data(), from.size(), MSG_DONTWAIT | MSG_ZEROCOPY);
  CHECK(sent > 0 || (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)));
  if (sent > 0) endpoint.sends++;
  return sent > 0;
}

/// That no program listens is told in the same queue as completions, if a socket asks for it: it is none.
void OtherErrorsAreNoCompletions() {
  Refusal refusal;
  sockaddr_in deaf, elsewhere, listening;
  const File bound = BoundUdp(&deaf), other = BoundUdp(&elsewhere), receiver = BoundUdp(&listening);
  ConnectTo(bound, elsewhere);  // has the port, and takes nothing from the sender
  const auto endpoint = Connect({Protocol::kUdp, deaf, 0, true, 0}, 0, &refusal);
  if (endpoint == nullptr) {
    printf("SKIPPED: no sends without a copy: %s: %s\n", refusal.call, strerror(refusal.error));
    return;
  }
  const File& sender = endpoint->sender;
  const int on = 1;
  CHECK(setsockopt(sender.number(), IPPROTO_IP, IP_RECVERR, &on, sizeof on) == 0);
  const std::vector<char> from(4096, 1);
  const auto send_plain = [&] {
    Option(sender, SOL_SOCKET, SO_ERROR);  // what was told before
    CHECK(send(sender.number(), from.data(), from.size(), MSG_DONTWAIT) == static_cast<ssize_t>(from.size()));
    pollfd told = {sender.number(), 0, 0};
    return poll(&told, 1, 10000) == 1;
  };
  if (!send_plain()) {
    printf("SKIPPED: nothing tells that no program listens\n");
    return;
  }
  endpoint->sends = 1;
  ReadCompletions(*endpoint);
  CHECK(endpoint->completed == 0 && endpoint->copied == 0 && !AwaitCompletions(*endpoint, 0));

  CHECK(send_plain() && send_plain());
  ConnectTo(sender, listening);
  Option(sender, SOL_SOCKET, SO_ERROR);
  if (send(sender.number(), from.data(), from.size(), MSG_DONTWAIT | MSG_ZEROCOPY) < 0) {
    printf("SKIPPED: no sends without a copy: %s\n", strerror(errno));
    return;
  }
  AwaitEvents(receiver, POLLIN);  // for a receiver on the same host Linux has copied it by then, and said so
  ReadCompletions(*endpoint);
  CHECK(endpoint->completed == 1 && endpoint->copied == 1 && AwaitCompletions(*endpoint, 0));
}

/// Linux tells of several sends at once.
void RangesAreCounted() {
  constexpr uint32_t kSends = 20;
  Refusal refusal;
  const auto endpoint = ConnectToItself(0, &refusal);
  if (endpoint == nullptr || !UseZeroCopy(*endpoint)) return;
  const std::vector<char> from(100, 1);
  std::vector<char> to(4096);
  size_t received = 0;
  for (const uint32_t sends : {kSends, 2 * kSends}) {
    while (endpoint->sends < sends && SendSome(*endpoint, from)) {
    }
    while (received < from.size() * endpoint->sends) {
      AwaitEvents(endpoint->receiver, POLLIN);
      received += static_cast<size_t>(recv(endpoint->receiver.number(), to.data(), to.size(), 0));
    }
    // All are acknowledged before one is asked for.
    for (int unsent = 1, ms = 0; unsent > 0 && ms < kPatienceMs; ms++) {
      CHECK(ioctl(endpoint->sender.number(), SIOCOUTQ, &unsent) == 0);
      poll(nullptr, 0, 1);
    }
    CHECK(AwaitCompletions(*endpoint, 5000) && endpoint->completed == endpoint->sends);
    CHECK(endpoint->copied == endpoint->sends);
  }
}

/// What no program receives is not copied: the other end of the link drops it.
void CopiesAreTold() {
  constexpr char kName[] = "copytaxtest0", kPeer[] = "copytaxtest1";
  constexpr uint8_t kNobody[6] = {2, 0, 0, 0, 0, 2};
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  to.sin_addr.s_addr = htonl(0xC6120002);
  int error = unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 ? errno : CreateVethPair(kName, kPeer);
  if (error == 0) error = AddAddress(kName, htonl(0xC6120001), 30);
  for (const char* name : {kName, kPeer}) {
    if (error == 0) error = SetLinkUp(name);
  }
  if (error == 0) error = AddNeighbour(kName, to.sin_addr.s_addr, kNobody);
  Refusal refusal = {"rtnetlink", error};
  const auto endpoint = error == 0 ? Connect({Protocol::kUdp, to, 0, true, 0}, 0, &refusal) : nullptr;
  if (endpoint == nullptr) {
    printf("SKIPPED: no sends without a copy: %s: %s\n", refusal.call, strerror(refusal.error));
    return;
  }
  const std::vector<char> from(1000, 1);
  for (int i = 0; i < 3; i++) {
    if (!SendSome(*endpoint, from)) {
      printf("SKIPPED: no sends without a copy: %s\n", strerror(errno));
      return;
    }
    CHECK(AwaitCompletions(*endpoint, kPatienceMs));
  }
  CHECK(endpoint->completed == 3 && endpoint->copied == 0);
}

/// A completion wakes who waits for room, and is none.
void CompletionsAreNoRoom() {
  constexpr int kTries = 1000;
  Refusal refusal;
  const auto endpoint = ConnectToItself(kBufferBytes, &refusal);
  if (endpoint == nullptr || !UseZeroCopy(*endpoint)) return;
  const std::vector<char> from(kBufferBytes, 1), one(1, 1);
  for (int i = 0; i < kTries; i++) {
    bool is_full = true;
    while (SendSome(*endpoint, from)) is_full = false;
    if (errno == ENOBUFS) {
      printf("SKIPPED: no room for notices before the socket is full\n");
      return;
    }
    if (!is_full) {
      poll(nullptr, 0, 100);  // what is under way arrives
    } else if (AwaitRoom(*endpoint, 20)) {
      CHECK(SendSome(*endpoint, one));
    } else if (endpoint->completed > 0) {
      CHECK(endpoint->completed < endpoint->sends && !AwaitCompletions(*endpoint, 0));
      return;
    }
  }
  CHECK(false);
}

/// Where Linux has no room for another notice, that the socket takes bytes is no room.
void NoticesAreRoom() {
  Refusal refusal;
  sockaddr_in to;
  const File receiver = BoundUdp(&to);
  const auto endpoint = Connect({Protocol::kUdp, to, 0, false, 0}, 0, &refusal);
  CHECK(endpoint != nullptr && AwaitRoom(*endpoint, 0));
  endpoint->has_no_notices = true;
  CHECK(!AwaitRoom(*endpoint, 0) && !AwaitRoom(*endpoint, 10));
}

/// The next send tells of a receiver that is gone: to wait for room ends at once.
void ErrorsAreRoom() {
  Refusal refusal;
  const auto endpoint = ConnectToItself(0, &refusal);
  if (endpoint == nullptr) return;
  endpoint->receiver = File();
  CHECK(AwaitRoom(*endpoint, kPatienceMs));
}

}  // namespace

void TestCompletions(Random&) {
  if (getenv("COPYTAX_EMULATED") != nullptr) return;  // an emulator does not pass on all that the queue tells
  OtherErrorsAreNoCompletions();
  RangesAreCounted();
  RunApart(CopiesAreTold);
  CompletionsAreNoRoom();
  NoticesAreRoom();
  ErrorsAreRoom();
}

}  // namespace copytax
