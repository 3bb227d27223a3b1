#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "../net/handles.h"
#include "../net/sealed_file.h"
#include "../net/timed_send.h"
#include "../net/xdp_socket.h"
#include "check.h"
#include "sockets.h"

namespace copytax {
namespace {

constexpr size_t kMostAtOnce = 1 << 16;

/// Whatever is sent arrives as it was, by each call; a host that refuses loopback or files in memory is no failure.
void SendAll(Random& random) {
  Refusal refusal;
  // What fits into small buffers is sent and received in many parts.
  const int buffer_bytes = Below(random, 2) == 0 ? 0 : 1 << 14;
  const std::unique_ptr<Endpoint> endpoint = ConnectToItself(buffer_bytes, &refusal);
  if (endpoint == nullptr) {
    printf("SKIPPED: no TCP over loopback: %s: %s\n", refusal.call, strerror(refusal.error));
    return;
  }
  std::vector<char> from(1 + Below(random, 300000));
  for (char& byte : from) byte = static_cast<char>(random());
  const std::unique_ptr<SealedFile> file = SealedFile::Of(from.data(), from.size(), &refusal);
  for (const SendCall call : {SendCall::kSend, SendCall::kSendfile, SendCall::kSplice}) {
    if (call != SendCall::kSend && file == nullptr) continue;
    const size_t offset = Below(random, from.size());
    const size_t bytes = 1 + Below(random, from.size() - offset);
    std::vector<char> to(bytes, 0);
    TimedSend spec = {};
    spec.endpoint = endpoint.get();
    spec.call = call;
    char* const begin = call == SendCall::kSend ? from.data() : file->map();
    spec.from = {begin + offset, from.size() - offset, Below(random, 2) == 0};
    spec.file_offset = offset;
    spec.file = file == nullptr ? -1 : file->file().number();
    spec.bytes = bytes;
    spec.messages = 1;
    spec.most_at_once = 1 + Below(random, static_cast<int>(kMostAtOnce));
    SendTimes times;
    const bool reads = Below(random, 4) != 0;
    if (reads) {
      spec.received = to.data();
      spec.received_room = to.size();
    }
    CHECK(RunTimedSend(spec, &times) == 0);
    CHECK(times.received_bytes == static_cast<double>(bytes) && times.calls >= 1 && times.send_ns > 0);
    CHECK(!reads || memcmp(to.data(), from.data() + offset, bytes) == 0);
  }
}

/// Linux tells of each send without a copy, and all that is waited for.
void SendWithoutCopies() {
  Refusal refusal;
  const std::unique_ptr<Endpoint> endpoint = ConnectToItself(0, &refusal);
  if (endpoint == nullptr || !UseZeroCopy(*endpoint)) return;
  std::vector<char> from(kMostAtOnce, 1);
  TimedSend spec = {};
  spec.endpoint = endpoint.get();
  spec.from = {from.data(), from.size(), false};
  spec.bytes = 10000;
  spec.messages = 20;
  spec.most_at_once = 3000;
  SendTimes times;
  CHECK(RunTimedSend(spec, &times) == 0);
  CHECK(endpoint->sends == times.calls && times.calls >= 80 && endpoint->completed == endpoint->sends);
  CHECK(times.received_bytes == 200000);
}

void SendToClosed() {
  Refusal refusal;
  const std::unique_ptr<Endpoint> endpoint = ConnectToItself(0, &refusal);
  if (endpoint == nullptr) return;
  endpoint->receiver = File();
  std::vector<char> from(kMostAtOnce, 1);
  TimedSend spec = {};
  spec.endpoint = endpoint.get();
  spec.from = {from.data(), from.size(), false};
  spec.bytes = from.size();
  spec.messages = 100;
  spec.most_at_once = from.size();
  SendTimes times;
  CHECK(RunTimedSend(spec, &times) != 0);
}

/// A receiver whose queue of connections is full drops what would be one more: that is waited for, and told.
void ConnectInTime() {
  const File listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&here);
  socklen_t length = sizeof here;
  if (bind(listener.number(), address, length) != 0 || listen(listener.number(), 0) != 0 ||
      getsockname(listener.number(), address, &length) != 0) {
    printf("SKIPPED: no TCP over loopback: %s\n", strerror(errno));
    return;
  }
  constexpr int kEnough = 8;
  std::vector<std::unique_ptr<Endpoint>> waiting;
  Refusal refusal = {};
  for (int i = 0; i < kEnough && refusal.error == 0; i++) {
    waiting.push_back(Connect({Protocol::kTcp, here, 0, false, 0}, 50, &refusal));
  }
  CHECK(refusal.error == ETIMEDOUT && waiting.back() == nullptr && waiting.size() > 1);
}

}  // namespace

void TestNet(Random& random) {
  for (int i = 0; i < 10; i++) SendAll(random);
  SendWithoutCopies();
  SendToClosed();
  ConnectInTime();
  Refusal refusal;
  sockaddr_in closed = {};
  closed.sin_family = AF_INET;
  closed.sin_port = htons(1);
  closed.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(Connect({Protocol::kTcp, closed, 0, false, 0}, 100, &refusal) == nullptr && refusal.error != 0);

  File file(dup(1));
  const int before = file.number();
  file = File(dup(1));
  CHECK(file.is_open() && file.number() != before && fcntl(before, F_GETFD) < 0);

  Handles<File> handles;
  const int first = handles.Add(std::make_unique<File>(dup(1)));
  const int number = handles.Find(first)->number();
  CHECK(number >= 0 && handles.Find(first + 1) == nullptr);
  handles.Close(first);
  CHECK(handles.Find(first) == nullptr && fcntl(number, F_GETFD) < 0);
  CHECK(handles.Add(std::make_unique<File>()) != first);
  while (handles.Add(std::make_unique<File>()) != 0) {
  }
  CHECK(handles.Add(std::make_unique<File>()) == 0);

  CHECK(!OpenPacketSocket("no-such-link", &refusal).is_open() && refusal.error != 0);
}

}  // namespace copytax
