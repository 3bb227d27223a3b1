/**
 * The state of stream sockets, and which thread may touch it.
 * Models: struct sock (include/net/sock.h): the charge of the send buffer, the write and retransmit queues. Deviations:
 * the skbs of a socket are a ring with three ordinals, and acknowledgements are cumulative counts of skbs.
 * Threads: the caller holds the socket lock (`locks`), unless a method says otherwise.
 */
import { Arena } from '../smp/arena.js';
import { SKB_OVERHEAD, type SkbTable } from './skb.js';
import { SocketLocks } from './socket-lock.js';

const RECORD = Arena.recordOfLines(
  {
    // Written by all, atomically:
    lock: 'i32',
    acked: 'i32', // ordinal of the first skb that the peer has not acknowledged
    // Written by the CPU that takes the interrupts of the queue:
    completed: 'i32', // bytes charged to skbs that the device was done with, modulo 2^32
    lost: 'i32', // ordinal + 1 of the skb that the peer misses; cleared under the socket lock
  },
  {
    // Written under the socket lock:
    unacked: 'i32', // ordinal of the oldest skb that is not freed
    next: 'i32', // ordinal of the next skb to transmit
    end: 'i32', // ordinal of the next new skb
    charged: 'i32', // bytes charged to the send buffer
    queued: 'i32', // bytes charged to skbs that were given to the qdisc, modulo 2^32
    inFlight: 'i32', // bytes charged to skbs that are transmitted and not freed
    sent: 'f64', // payload bytes accepted from the sender
    leavesAt: 'f64', // when a paced socket may transmit again
  },
);
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = RECORD;
const { lock: LOCK, acked: ACKED, completed: COMPLETED, lost: LOST } = RECORD.at;
const { unacked: UNACKED, next: NEXT, end: END, charged: CHARGED } = RECORD.at;
const { queued: QUEUED, inFlight: IN_FLIGHT, sent: SENT, leavesAt: LEAVES_AT } = RECORD.at;

/** Limits of a socket; the same for all sockets of a machine. */
export interface SocketLimits {
  /** How many sockets there are. */
  readonly sockets: number;
  /** Bytes charged for unacknowledged skbs at which senders wait. */
  readonly sendBufferBytes: number;
  /** Bytes charged for skbs between qdisc and completion at which further skbs stay in the socket. */
  readonly smallQueueBytes: number;
  /** Bytes charged for skbs between transmission and acknowledgement at which further skbs stay in the socket. */
  readonly congestionWindowBytes: number;
  /** Number of skbs of one socket; a power of two. */
  readonly skbsPerSocket: number;
}

/** Nothing has to be transmitted again. */
export const NONE_LOST = -1;
/** No room for another skb. */
export const NO_ROOM = -1;

/** The stream sockets of a machine, by number. The caller holds the socket lock unless a method says otherwise. */
export class SocketTable {
  /** Limits of each of them. */
  readonly limits: SocketLimits;
  /** Their locks. */
  readonly locks: SocketLocks;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #mask: number;

  constructor(arena: Arena, limits: SocketLimits) {
    this.limits = limits;
    const { words, doubles } = arena.records(RECORD, limits.sockets);
    this.#words = words;
    this.locks = new SocketLocks(words, STRIDE, LOCK);
    this.#doubles = doubles;
    this.#mask = limits.skbsPerSocket - 1;
  }

  /** Empties all sockets. One thread, before any other uses them. */
  reset(): void {
    this.#words.fill(0);
  }

  /** The skb of a socket with this ordinal. */
  skb(socket: number, ordinal: number): number {
    return socket * this.limits.skbsPerSocket + (ordinal & this.#mask);
  }

  /** Ordinal of the next skb to transmit. */
  next(socket: number): number {
    return this.#words[socket * STRIDE + NEXT]!;
  }

  /** Ordinal of the next new skb: those from `next` up to it are unsent. */
  end(socket: number): number {
    return this.#words[socket * STRIDE + END]!;
  }

  /** Ordinal of the oldest skb that is not freed. */
  unacked(socket: number): number {
    return this.#words[socket * STRIDE + UNACKED]!;
  }

  /** Moves the next unsent skb, which is charged `charge` bytes, to the transmitted ones. */
  advance(socket: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + QUEUED] = (this.#words[at + QUEUED]! + charge) | 0;
    this.#words[at + IN_FLIGHT] = this.#words[at + IN_FLIGHT]! + charge;
    this.#words[at + NEXT] = (this.#words[at + NEXT]! + 1) | 0;
  }

  /** Notes that the skbs below `ordinal`, which were charged `charge` bytes, are freed. */
  freed(socket: number, ordinal: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + UNACKED] = ordinal;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! - charge;
    this.#words[at + IN_FLIGHT] = this.#words[at + IN_FLIGHT]! - charge;
  }

  /** Takes the request to transmit an skb again: returns its ordinal, or `NONE_LOST`. */
  takeLost(socket: number): number {
    const at = socket * STRIDE + LOST;
    return this.#words[at] === 0 ? NONE_LOST : Atomics.exchange(this.#words, at, 0) - 1;
  }

  /** Charges an skb that goes to the qdisc again. */
  retransmitted(socket: number, charge: number): void {
    const at = socket * STRIDE + QUEUED;
    this.#words[at] = (this.#words[at]! + charge) | 0;
  }

  /** True if the congestion window leaves room for another skb. */
  isWindowOpen(socket: number): boolean {
    return this.#words[socket * STRIDE + IN_FLIGHT]! < this.limits.congestionWindowBytes;
  }

  /** Time from which a paced socket may transmit its next skb, nanoseconds. */
  leavesAt(socket: number): number {
    return this.#doubles[socket * DOUBLE_STRIDE + LEAVES_AT]!;
  }

  /** Sets what `leavesAt` returns. */
  setLeavesAt(socket: number, ns: number): void {
    this.#doubles[socket * DOUBLE_STRIDE + LEAVES_AT] = ns;
  }

  /** Appends an empty skb to the unsent ones, or returns `NO_ROOM` when the send buffer or the ring is full. */
  append(socket: number, skbs: SkbTable): number {
    const at = socket * STRIDE;
    if (this.#words[at + CHARGED]! >= this.limits.sendBufferBytes) return NO_ROOM;
    const skb = this.skb(socket, this.#words[at + END]!);
    if (!skbs.isFree(skb)) return NO_ROOM;
    skbs.init(skb, socket);
    this.#words[at + END] = (this.#words[at + END]! + 1) | 0;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! + SKB_OVERHEAD;
    return skb;
  }

  /** Removes the last skb, which is still empty. */
  takeBack(socket: number, skb: number, skbs: SkbTable): void {
    const at = socket * STRIDE;
    this.#words[at + END] = (this.#words[at + END]! - 1) | 0;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! - SKB_OVERHEAD;
    skbs.putDataref(skb);
    skbs.recycle(skb);
  }

  /** Charges payload bytes that were taken from the sender. */
  addSent(socket: number, bytes: number): void {
    const at = socket * STRIDE;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! + bytes;
    this.#doubles[socket * DOUBLE_STRIDE + SENT] = this.#doubles[socket * DOUBLE_STRIDE + SENT]! + bytes;
  }

  /** Notes a datagram that is about to go to the qdisc. Its sender only, which writes nothing else of the socket. */
  addDatagram(socket: number, bytes: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + END] = (this.#words[at + END]! + 1) | 0;
    this.#words[at + NEXT] = this.#words[at + END]!;
    this.#words[at + QUEUED] = (this.#words[at + QUEUED]! + charge) | 0;
    this.#doubles[socket * DOUBLE_STRIDE + SENT] = this.#doubles[socket * DOUBLE_STRIDE + SENT]! + bytes;
  }

  /** Notes that the oldest datagram is completed and freed. The CPU that takes the interrupts of the queue. */
  datagramDone(socket: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + UNACKED] = (this.#words[at + UNACKED]! + 1) | 0;
    this.uncharge(socket, charge);
  }

  /** Payload bytes taken from the sender since the socket was made. Any thread. */
  sentBytes(socket: number): number {
    return this.#doubles[socket * DOUBLE_STRIDE + SENT]!;
  }

  /** Number of skbs that the peer has not acknowledged or that are still to be freed. Any thread. */
  outstanding(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + END]! - this.#words[at + UNACKED]!) | 0;
  }

  /** Notes that the peer has acknowledged every skb below `ordinal`. The CPU that receives for the socket. */
  setAcked(socket: number, ordinal: number): void {
    Atomics.store(this.#words, socket * STRIDE + ACKED, ordinal);
  }

  /** Requests that an skb is transmitted again. The CPU that receives for the socket; `softirq` has to follow. */
  setLost(socket: number, ordinal: number): void {
    Atomics.store(this.#words, socket * STRIDE + LOST, ordinal + 1);
  }

  /** Ordinal of the first skb that the peer has not acknowledged. */
  acked(socket: number): number {
    return Atomics.load(this.#words, socket * STRIDE + ACKED);
  }

  /** Bytes charged to the send buffer: payload, and the overhead of each skb. Any thread, plain read. */
  chargedBytes(socket: number): number {
    return this.#words[socket * STRIDE + CHARGED]!;
  }

  /** Takes a completed skb off the small-queue charge. `StreamPath.softirq` has to follow. */
  uncharge(socket: number, bytes: number): void {
    const at = socket * STRIDE + COMPLETED;
    this.#words[at] = (this.#words[at]! + bytes) | 0;
  }

  /**
   * Bytes between qdisc and completion. May be too high while completions come in, but then the `StreamPath.softirq`
   * that follows them finds the socket locked, leaves its work in the backlog, and the holder of the lock looks again.
   */
  inQueues(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + QUEUED]! - this.#words[at + COMPLETED]!) | 0;
  }

  /** True if a sender that found the send buffer full may write again: when a third of it is free. Any thread. */
  isWritable(socket: number): boolean {
    const charged = this.#words[socket * STRIDE + CHARGED]!;
    const free = this.limits.sendBufferBytes - charged;
    return free >= charged / 2 && this.outstanding(socket) < this.limits.skbsPerSocket;
  }
}
