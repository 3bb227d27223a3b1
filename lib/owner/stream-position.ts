/**
 * Positions in the stream of a socket: payload bytes, in 32 bits that wrap, as the sequence numbers of TCP.
 * Models: before (include/net/tcp.h). Pure.
 */

/** True if one position is before another. They are less than 2^31 bytes apart. */
export function isBefore(position: number, other: number): boolean {
  return ((position - other) | 0) < 0;
}
