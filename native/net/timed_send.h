// Messages that this host's own Linux sends, in a native loop, timed apart from what receives them and from what tells
// that they are gone. Policy (what to send where, and what it means) is not here.
#pragma once

#include <cstddef>

#include "../copy/cycle.h"
#include "endpoint.h"

namespace copytax {

/// How the bytes get to Linux.
enum class SendCall { kSend, kSendfile, kSplice };

struct TimedSend {
  Endpoint* endpoint;
  SendCall call;
  Walk from;           // memory that is sent; of a file: where it is mapped
  int file;            // of sendfile and splice: the file that is mapped there
  size_t file_offset;  // which byte of it is mapped there
  size_t bytes;        // of one message
  size_t messages;
  size_t most_at_once;   // bytes of one call
  char* received;        // where what arrives is read to, one message behind the other; null: it is thrown away unread
  size_t received_room;  // bytes there
};

/// Nanoseconds and counts of all messages together.
struct SendTimes {
  double send_ns;      // in the calls that send
  double receive_ns;   // in the calls that receive, or throw away
  double complete_ns;  // in the calls that tell which sends are done
  double calls;        // that sent
  double received_bytes;
};

/// Sends all messages one after the other; returns 0, or the errno that ended it. Takes at most about a second longer
/// than Linux takes for the calls: where nothing moves for as long, it ends with ETIMEDOUT.
int RunTimedSend(const TimedSend& spec, SendTimes* times);

}  // namespace copytax
