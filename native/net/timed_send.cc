#include "timed_send.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "../cpu/clock.h"

#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

namespace copytax {
namespace {

/// Without a byte moving.
constexpr double kPatienceNs = 1e9;

/// One run. Each step returns bytes, or minus the errno; EAGAIN is zero bytes.
class Run {
 public:
  Run(const TimedSend& spec, SendTimes* times)
      : spec_(spec), endpoint_(*spec.endpoint), times_(*times), clock_(Clock::Get()) {}

  int Messages() {
    Cycle walk(spec_.from, spec_.bytes);
    for (size_t message = 0; message < spec_.messages; message++) {
      walk.FlushAhead(1);
      const int error = Message(walk.Next());
      if (error != 0) return error;
    }
    return Drain();
  }

 private:
  int Message(const char* from) {
    size_t sent = 0;
    double moved_at = clock_.Now();
    while (sent < spec_.bytes) {
      const ssize_t now = Send(from + sent, std::min(spec_.bytes - sent, spec_.most_at_once));
      if (now < 0) return static_cast<int>(-now);
      sent += static_cast<size_t>(now);
      const ssize_t received = Receive();
      if (received < 0) return static_cast<int>(-received);
      const bool completed = Complete();
      if (now > 0 || received > 0 || completed) {
        moved_at = clock_.Now();
      } else if (clock_.Now() - moved_at > kPatienceNs) {
        return ETIMEDOUT;
      }
    }
    sent_ += sent;
    return 0;
  }

  ssize_t Send(const char* from, size_t bytes) {
    const uint64_t begin = clock_.TicksAfter();
    const ssize_t sent = Call(from, bytes);
    const int error = errno;
    times_.send_ns += clock_.NsOf(clock_.TicksAfter() - begin);
    if (sent >= 0) {
      times_.calls++;
      if (endpoint_.zero_copy) endpoint_.sends++;
      return sent;
    }
    // ENOBUFS: what Linux keeps for completions that were not read yet is used up.
    return error == EAGAIN || error == ENOBUFS ? 0 : -error;
  }

  ssize_t Call(const char* from, size_t bytes) {
    const int to = endpoint_.sender.number();
    loff_t offset = static_cast<loff_t>(spec_.file_offset) + (from - spec_.from.base);
    switch (spec_.call) {
      case SendCall::kSend: {
        const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (endpoint_.zero_copy ? MSG_ZEROCOPY : 0);
        return send(to, from, bytes, flags);
      }
      case SendCall::kSendfile: {
        off_t at = static_cast<off_t>(offset);
        return sendfile(to, spec_.file, &at, bytes);
      }
      case SendCall::kSplice:
        break;
    }
    // What an earlier call left in the pipe goes first: it is the begin of these bytes.
    if (piped_ == 0) {
      const ssize_t piped = splice(spec_.file, &offset, endpoint_.pipe_in.number(), nullptr, bytes, SPLICE_F_NONBLOCK);
      if (piped <= 0) return piped;
      piped_ = piped;
    }
    const ssize_t sent =
        splice(endpoint_.pipe_out.number(), nullptr, to, nullptr, static_cast<size_t>(piped_), SPLICE_F_NONBLOCK);
    if (sent > 0) piped_ -= sent;
    return sent;
  }

  /// Takes what has arrived.
  ssize_t Receive() {
    if (!endpoint_.receiver.is_open()) return 0;
    ssize_t all = 0;
    const uint64_t begin = clock_.TicksAfter();
    ssize_t now;
    while ((now = ReceiveSome()) > 0) all += now;
    const int error = errno;
    times_.receive_ns += clock_.NsOf(clock_.TicksAfter() - begin);
    received_ += static_cast<size_t>(all);
    times_.received_bytes = static_cast<double>(received_);
    return now == 0 || error == EAGAIN ? all : -error;
  }

  ssize_t ReceiveSome() {
    constexpr size_t kMost = 1 << 20;
    const int from = endpoint_.receiver.number();
    if (spec_.received == nullptr) return recv(from, nullptr, kMost, MSG_TRUNC | MSG_DONTWAIT);
    const size_t room = spec_.received_room - filled_;
    const ssize_t now = recv(from, spec_.received + filled_, std::min(room, kMost), MSG_DONTWAIT);
    if (now > 0) filled_ = (filled_ + static_cast<size_t>(now)) % spec_.received_room;
    return now;
  }

  bool Complete() {
    if (!endpoint_.zero_copy) return false;
    const uint32_t before = endpoint_.completed;
    const uint64_t begin = clock_.TicksAfter();
    ReadCompletions(endpoint_);
    times_.complete_ns += clock_.NsOf(clock_.TicksAfter() - begin);
    return endpoint_.completed != before;
  }

  /// Waits for what was sent and has not arrived, or is not known to be gone.
  int Drain() {
    double moved_at = clock_.Now();
    const auto is_left = [&] {
      return (endpoint_.receiver.is_open() && received_ < sent_) || endpoint_.completed != endpoint_.sends;
    };
    while (is_left()) {
      const ssize_t received = Receive();
      if (received < 0) return static_cast<int>(-received);
      if (Complete() || received > 0) {
        moved_at = clock_.Now();
      } else if (clock_.Now() - moved_at > kPatienceNs) {
        return ETIMEDOUT;
      }
    }
    return 0;
  }

  const TimedSend& spec_;
  Endpoint& endpoint_;
  SendTimes& times_;
  const Clock& clock_;
  ssize_t piped_ = 0;
  size_t sent_ = 0;
  size_t received_ = 0;
  size_t filled_ = 0;
};

}  // namespace

int RunTimedSend(const TimedSend& spec, SendTimes* times) {
  *times = {};
  return Run(spec, times).Messages();
}

}  // namespace copytax
