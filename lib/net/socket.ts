/**
 * The state of stream sockets, and who may touch it.
 * Models: struct sock (include/net/sock.h): ownership by a sender with a backlog for softirqs, the send buffer's charge,
 * the write and retransmit queues. Deviations: a socket's skbs are a ring with three ordinals, and acknowledgements are
 * cumulative counts of skbs, so a backlog of them is the latest one.
 * Threads: whoever has its state word has the socket: a sender (owned) or a softirq (busy), which leaves work to an owner.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { SKB_OVERHEAD, type SkbTable } from './skb.js';
import type { SocketLimits } from './socket-limits.js';

const PAUSES = 8;
const STRIDE = 64;
const LINE = 32;
// Written by all, atomically:
const STATE = 0;
const ACKED = 1; // ordinal of the first skb that the peer has not acknowledged
// Written by the CPU that takes the queue's interrupts:
const COMPLETED = 2; // bytes charged to skbs that the device was done with, modulo 2^32
const LOST = 3; // ordinal + 1 of the skb that the peer misses; cleared by whoever has the socket
// Written by whoever has the socket:
const UNACKED = LINE; // ordinal of the oldest skb that is not freed
const NEXT = LINE + 1; // ordinal of the next skb to transmit
const END = LINE + 2; // ordinal of the next new skb
const CHARGED = LINE + 3; // bytes charged to the send buffer
const QUEUED = LINE + 4; // bytes charged to skbs that were given to the qdisc, modulo 2^32
const IN_FLIGHT = LINE + 5; // bytes charged to skbs that are transmitted and not freed
const SENT = (LINE + 8) / 2; // double: payload bytes accepted from the sender
const LEAVES_AT = (LINE + 10) / 2; // double: when a paced socket may transmit again

const FREE = 0;
const OWNED = 1;
const BUSY = 2;
const NOTED = 4; // with OWNED: a softirq left work

/** Nothing has to be transmitted again. */
export const NONE_LOST = -1;
/** No room for another skb. */
export const NO_ROOM = -1;

export class SocketTable {
  readonly limits: SocketLimits;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #mask: number;

  constructor(arena: Arena, limits: SocketLimits) {
    this.limits = limits;
    this.#words = arena.int32(limits.sockets * STRIDE);
    this.#doubles = new Float64Array(this.#words.buffer, this.#words.byteOffset, this.#words.length / 2);
    this.#mask = limits.skbsPerSocket - 1;
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** A sender takes the socket; process context. Waits while another CPU's softirq has it. */
  own(cpu: Cpu, socket: number): void {
    const at = socket * STRIDE + STATE;
    while (Atomics.compareExchange(this.#words, at, FREE, OWNED) !== FREE) waitFor(cpu, socket);
  }

  /** Lets go of an owned socket, or, when a softirq left a note, takes the note and keeps it: false. */
  disown(socket: number): boolean {
    const at = socket * STRIDE + STATE;
    if (Atomics.compareExchange(this.#words, at, OWNED, FREE) === OWNED) return true;
    Atomics.store(this.#words, at, OWNED);
    return false;
  }

  /** A softirq takes the socket, or leaves a note with the sender that owns it: false. */
  takeOrNote(cpu: Cpu, socket: number): boolean {
    const at = socket * STRIDE + STATE;
    for (;;) {
      const state = Atomics.compareExchange(this.#words, at, FREE, BUSY);
      if (state === FREE) return true;
      if (state & NOTED) return false;
      if (state === OWNED && Atomics.compareExchange(this.#words, at, OWNED, OWNED | NOTED) === OWNED) return false;
      waitFor(cpu, socket);
    }
  }

  /** A softirq lets go of the socket. */
  give(socket: number): void {
    Atomics.store(this.#words, socket * STRIDE + STATE, FREE);
  }

  /** The skb of a socket with this ordinal. */
  skb(socket: number, ordinal: number): number {
    return socket * this.limits.skbsPerSocket + (ordinal & this.#mask);
  }

  /** Ordinal of the next skb to transmit. Whoever has the socket, as all up to `addSent`. */
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

  /** The next unsent skb goes to the qdisc, charged with so many bytes. */
  advance(socket: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + QUEUED] = (this.#words[at + QUEUED]! + charge) | 0;
    this.#words[at + IN_FLIGHT] = this.#words[at + IN_FLIGHT]! + charge;
    this.#words[at + NEXT] = (this.#words[at + NEXT]! + 1) | 0;
  }

  /** skbs up to `ordinal` are freed and `charge` bytes with them. */
  freed(socket: number, ordinal: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + UNACKED] = ordinal;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! - charge;
    this.#words[at + IN_FLIGHT] = this.#words[at + IN_FLIGHT]! - charge;
  }

  /** Ordinal of the skb that has to be transmitted again, or `NONE_LOST`; says so once. */
  takeLost(socket: number): number {
    const at = socket * STRIDE + LOST;
    return this.#words[at] === 0 ? NONE_LOST : Atomics.exchange(this.#words, at, 0) - 1;
  }

  /** An skb goes to the qdisc once more. */
  retransmitted(socket: number, charge: number): void {
    const at = socket * STRIDE + QUEUED;
    this.#words[at] = (this.#words[at]! + charge) | 0;
  }

  /** Does the congestion window leave room for another skb? */
  isWindowOpen(socket: number): boolean {
    return this.#words[socket * STRIDE + IN_FLIGHT]! < this.limits.congestionWindow;
  }

  /** When a paced socket may transmit its next skb, nanoseconds. */
  leavesAt(socket: number): number {
    return this.#doubles[(socket * STRIDE) / 2 + LEAVES_AT]!;
  }

  setLeavesAt(socket: number, ns: number): void {
    this.#doubles[(socket * STRIDE) / 2 + LEAVES_AT] = ns;
  }

  /** Appends an empty skb to the unsent ones, or answers `NO_ROOM` when the send buffer or the ring is full. */
  append(socket: number, skbs: SkbTable): number {
    const at = socket * STRIDE;
    if (this.#words[at + CHARGED]! >= this.limits.sendBuffer) return NO_ROOM;
    const skb = this.skb(socket, this.#words[at + END]!);
    if (!skbs.isFree(skb)) return NO_ROOM;
    skbs.init(skb, socket);
    this.#words[at + END] = (this.#words[at + END]! + 1) | 0;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! + SKB_OVERHEAD;
    return skb;
  }

  /** Takes back the last skb, which is still empty. */
  takeBack(socket: number, skb: number, skbs: SkbTable): void {
    const at = socket * STRIDE;
    this.#words[at + END] = (this.#words[at + END]! - 1) | 0;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! - SKB_OVERHEAD;
    skbs.unshare(skb);
    skbs.recycle(skb);
  }

  /** Payload bytes were taken from the sender. */
  addSent(socket: number, bytes: number): void {
    const at = socket * STRIDE;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! + bytes;
    this.#doubles[at / 2 + SENT] = this.#doubles[at / 2 + SENT]! + bytes;
  }

  /** A datagram is about to go to the qdisc. Its sender; nothing else of a datagram socket is its sender's to write. */
  addDatagram(socket: number, bytes: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + END] = (this.#words[at + END]! + 1) | 0;
    this.#words[at + NEXT] = this.#words[at + END]!;
    this.#words[at + QUEUED] = (this.#words[at + QUEUED]! + charge) | 0;
    this.#doubles[at / 2 + SENT] = this.#doubles[at / 2 + SENT]! + bytes;
  }

  /** The device is done with the oldest datagram, which is freed. The CPU that takes the queue's interrupts. */
  datagramDone(socket: number, charge: number): void {
    const at = socket * STRIDE;
    this.#words[at + UNACKED] = (this.#words[at + UNACKED]! + 1) | 0;
    this.uncharge(socket, charge);
  }

  /** Payload bytes taken from the sender since the socket was made. */
  sentBytes(socket: number): number {
    return this.#doubles[(socket * STRIDE) / 2 + SENT]!;
  }

  /** skbs that the peer has not acknowledged or that are still to be freed. */
  outstanding(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + END]! - this.#words[at + UNACKED]!) | 0;
  }

  /** The peer has acknowledged every skb below `ordinal`. The CPU that receives for the socket. */
  setAcked(socket: number, ordinal: number): void {
    Atomics.store(this.#words, socket * STRIDE + ACKED, ordinal);
  }

  /** The peer misses the skb with this ordinal. The CPU that receives for the socket; `softirq` has to follow. */
  setLost(socket: number, ordinal: number): void {
    Atomics.store(this.#words, socket * STRIDE + LOST, ordinal + 1);
  }

  acked(socket: number): number {
    return Atomics.load(this.#words, socket * STRIDE + ACKED);
  }

  /** At completion the small-queue charge of an skb goes. `StreamPath.softirq` has to follow. */
  uncharge(socket: number, bytes: number): void {
    const at = socket * STRIDE + COMPLETED;
    this.#words[at] = (this.#words[at]! + bytes) | 0;
  }

  /**
   * Bytes between qdisc and completion. May be too high for whoever has the socket while completions come in, but then
   * the `StreamPath.softirq` that follows them finds the socket taken, and its owner looks again.
   */
  inQueues(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + QUEUED]! - this.#words[at + COMPLETED]!) | 0;
  }

  /** Could a sender that found the send buffer full write again? It waits until a third of it is free. */
  isWritable(socket: number): boolean {
    const charged = this.#words[socket * STRIDE + CHARGED]!;
    const free = this.limits.sendBuffer - charged;
    return free >= charged / 2 && this.outstanding(socket) < this.limits.skbsPerSocket;
  }
}

/** Another CPU's softirq has the socket, for as long as it takes to transmit what it may. */
function waitFor(cpu: Cpu, socket: number): void {
  cpu.list.relax(PAUSES);
  if (cpu.table.isAborted()) throw new CopytaxError('ERR_STALLED', `CPU ${cpu.id} waited for socket ${socket}`);
}
