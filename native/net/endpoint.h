// Sockets of Linux that send from memory which is already there: opened, and closed with their owner.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "../memory/mapping.h"

namespace copytax {

/// A file descriptor that is closed with its owner.
class File {
 public:
  File() = default;
  explicit File(int number) : number_(number) {}
  File(File&& other) noexcept : number_(other.Release()) {}
  File& operator=(File&& other) noexcept;
  ~File();
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  int Release();

 private:
  int number_ = -1;
};

enum class Protocol { kTcp, kUdp };

struct EndpointOptions {
  Protocol protocol;
  sockaddr_in to;
  int segment_bytes;  // of UDP: into how many bytes each Linux cuts what is sent; 0: one datagram
  bool zero_copy;
  int buffer_bytes;  // send buffer; 0: as Linux has it
};

/// One socket that sends, and, of a pair, the one that receives.
struct Endpoint {
  File sender;
  File receiver;  // only of a pair
  File pipe_in, pipe_out;
  bool zero_copy = false;
  uint32_t sends = 0;           // with MSG_ZEROCOPY, each of which Linux notifies
  uint32_t completed = 0;       // of those
  uint32_t copied = 0;          // of those, copied after all
  bool has_no_notices = false;  // Linux has no room for another notice until it is done with a send
};

/// Returns a socket that is connected to `options.to`, which takes at most `timeout_ms`; null, and why, if not.
std::unique_ptr<Endpoint> Connect(const EndpointOptions& options, int timeout_ms, Refusal* refusal);

/// Returns two sockets of TCP that are connected over the loopback interface; null, and why, if not.
std::unique_ptr<Endpoint> ConnectToItself(int buffer_bytes, Refusal* refusal);

/// Waits until the socket takes more, or will tell of an error, or `timeout_ms` are over; returns whether it does.
bool AwaitRoom(Endpoint& endpoint, int timeout_ms);

/// Waits until Linux is done with all sends, or `timeout_ms` are over, and returns whether it is.
bool AwaitCompletions(Endpoint& endpoint, int timeout_ms);

/// Reads the completions that there are: which sends Linux is done with, and whether it copied them after all.
void ReadCompletions(Endpoint& endpoint);

}  // namespace copytax
