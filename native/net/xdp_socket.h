// A socket of AF_XDP that transmits frames out of memory which is registered with it once (its UMEM), and a socket that
// sees what an interface receives: together, another consumer of slot pools than this program's own devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "endpoint.h"

namespace copytax {

struct XdpOptions {
  const char* interface;
  int queue;
  char* memory;  // page-aligned
  size_t bytes;
  int frame_bytes;  // 2048 or 4096: no frame crosses a multiple of it
  int ring_frames;  // power of two: frames that may be under way
  bool zero_copy;   // the device reads the memory itself; otherwise Linux copies each frame
};

class XdpSocket {
 public:
  static std::unique_ptr<XdpSocket> Open(const XdpOptions& options, std::shared_ptr<Mapping> owner, Refusal* refusal);
  ~XdpSocket();

  /// Hands over frames of the memory and asks Linux to transmit; returns how many there was room for.
  size_t Send(const double* offsets, const double* lengths, size_t count);

  /// Asks Linux once more to transmit what it has, and returns 0 or the errno. EAGAIN and EBUSY are no errors.
  int Kick();

  /// Writes the offsets of frames that Linux is done with, at most `count`, and returns their number.
  size_t Completions(double* offsets, size_t count);

  /// Whether a frame lies within the memory. Linux checks the same, and would drop another without a word.
  bool Holds(double offset, double length) const {
    const auto end = static_cast<double>(memory_bytes_);
    return offset >= 0 && length > 0 && offset + length <= end;
  }

 private:
  /// A ring that is shared with Linux: who fills it moves the producer, who empties it the consumer.
  struct Ring {
    void* map = nullptr;
    size_t map_bytes = 0;
    uint32_t* producer = nullptr;
    uint32_t* consumer = nullptr;
    void* entries = nullptr;
  };

  XdpSocket() = default;
  bool MapRings(Refusal* refusal);

  File file_;
  std::shared_ptr<Mapping> owner_;
  size_t memory_bytes_ = 0;
  uint32_t ring_frames_ = 0;
  Ring transmit_, completion_;
};

/// Returns a socket that receives every frame which arrives at the interface; not open, and why, if Linux refuses.
File OpenPacketSocket(const char* interface, Refusal* refusal);

/// Copies the next frame that arrived into `to` and returns its length, which may be more than `room`; 0 if there is
/// none. Frames that this host sends through the interface are left out. Never waits.
size_t ReceivePacket(const File& file, char* to, size_t room);

}  // namespace copytax
