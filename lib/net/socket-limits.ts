/** How much of what a socket may have; the same for all sockets of a machine. */
export interface SocketLimits {
  readonly sockets: number;
  /** Bytes charged for unacknowledged skbs, from which on senders wait. */
  readonly sendBuffer: number;
  /** Bytes charged for skbs between qdisc and completion, from which on skbs stay in the socket. */
  readonly smallQueue: number;
  /** Bytes charged for skbs between transmission and acknowledgement, from which on skbs stay in the socket. */
  readonly congestionWindow: number;
  /** skbs of one socket; a power of two. */
  readonly skbsPerSocket: number;
}
