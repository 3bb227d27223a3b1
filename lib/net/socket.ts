/**
 * Stream sockets: what has been written, what is in flight, what has been acknowledged, and who may touch it.
 * Models: struct sock and the transmit side of TCP (net/core/sock.c, net/ipv4/tcp.c, tcp_output.c): send-buffer limit,
 * coalescing into the last unsent skb, small-queue limit, ownership and backlog; the transmit path's specification,
 * section 1.1 steps 1 to 11 and 20. Deviations: no congestion window below the send buffer; acknowledgements are
 * cumulative counts of skbs, so a backlog of them is the latest one.
 * Threads: a socket belongs to whoever has its state word: a sender (owned) or a softirq (busy). A softirq that finds
 * it owned leaves a note, and the owner does the work when it lets go.
 */

import { CopytaxError } from '../errors.js';
import type { PageFrag } from '../page/page-frag.js';
import type { PageSource } from '../page/page-source.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { SITE } from '../smp/ledger.js';
import type { Meter } from '../smp/meter.js';
import { PAGE_SIZE } from '../units.js';
import type { Lifetime } from './lifetime.js';
import type { Qdisc } from './qdisc.js';
import { MAX_FRAGS, MAX_SKB_BYTES, SKB_OVERHEAD, type SkbTable } from './skb.js';
import type { TxQueue } from './tx-queue.js';

/** Smallest room in a page fragment that is worth filling, bytes. */
const MIN_ROOM = 32;
const PAUSES = 8;

const STRIDE = 128;
const LINE = 32;
// Written by all, atomically:
const STATE = 0;
const ACKED = 1; // ordinal of the first skb that the peer has not acknowledged
// Written by the CPU that takes the queue's interrupts:
const COMPLETED = 2; // bytes charged to skbs that the device was done with, modulo 2^32
// Written by whoever has the socket:
const UNACKED = LINE; // ordinal of the oldest skb that is not freed
const NEXT = LINE + 1; // ordinal of the next skb to transmit
const END = LINE + 2; // ordinal of the next new skb
const CHARGED = LINE + 3; // bytes charged to the send buffer
const QUEUED = LINE + 4; // bytes charged to skbs that were given to the qdisc, modulo 2^32
const SENT = (LINE + 8) / 2; // double: payload bytes accepted from the sender

const FREE = 0;
const OWNED = 1;
const BUSY = 2;
const NOTED = 4; // with OWNED: a softirq left work

export interface SocketParts {
  readonly skbs: SkbTable;
  readonly queues: readonly TxQueue[];
  readonly qdisc: Qdisc;
  readonly lifetime: Lifetime;
  /** Asked for order-3 fragment pages first. */
  readonly pages: PageSource;
  /** Asked when that has none. */
  readonly fallbackPages: PageSource;
  readonly meters: { readonly refill: Meter; readonly release: Meter };
  /** Region whose offsets are physical addresses. */
  readonly ram: number;
  /** Index of the copy kernel of user copies. */
  readonly kernel: number;
  /** Keep a CRC of what each skb was given, for a checking device. */
  readonly check: boolean;
}

export interface SocketLimits {
  readonly sockets: number;
  /** Bytes charged for unacknowledged skbs, from which on senders wait. */
  readonly sendBuffer: number;
  /** Bytes charged for skbs between qdisc and completion, from which on skbs stay in the socket. */
  readonly smallQueue: number;
  /** skbs of one socket; a power of two. */
  readonly skbsPerSocket: number;
}

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

  /** The skb of a socket with this ordinal. */
  skb(socket: number, ordinal: number): number {
    return socket * this.limits.skbsPerSocket + (ordinal & this.#mask);
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

  /** Called at completion; the small-queue charge of an skb goes. A call of `softirq` has to follow. */
  uncharge(socket: number, bytes: number): void {
    const at = socket * STRIDE + COMPLETED;
    this.#words[at] = (this.#words[at]! + bytes) | 0;
  }

  /**
   * Bytes between qdisc and completion. May be too high for whoever has the socket while completions come in, but then
   * the `softirq` that follows them finds the socket taken, and its owner looks again.
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

  /**
   * Takes bytes from a user's buffer: the body of sendmsg, up to where it would sleep.
   * Process context of the sender's CPU. One native crossing for each skb that is filled.
   * @param frag the task's page fragment
   * @param user physical address of the bytes
   * @returns how many bytes were taken; fewer than asked when the send buffer is full or there is no page
   */
  send(cpu: Cpu, socket: number, frag: PageFrag, user: number, bytes: number, parts: SocketParts): number {
    this.#own(cpu, socket);
    let taken = 0;
    while (taken < bytes) {
      const skb = this.#skbToFill(socket, parts.skbs);
      if (skb < 0) break;
      const filled = this.#fill(cpu, skb, frag, user + taken, bytes - taken, parts);
      if (filled === 0) {
        if (parts.skbs.bytes(skb) === 0) this.#dropEmpty(socket, skb, parts.skbs);
        break;
      }
      const at = socket * STRIDE;
      this.#words[at + CHARGED] = this.#words[at + CHARGED]! + filled;
      taken += filled;
    }
    const sent = (socket * STRIDE) / 2 + SENT;
    this.#doubles[sent] = this.#doubles[sent]! + taken;
    this.#push(cpu, socket, parts, this.#fullBefore(socket, parts.skbs));
    this.#disown(cpu, socket, parts);
    return taken;
  }

  /** Softirq: frees what is acknowledged and transmits what may be, or leaves a note for the owner. */
  softirq(cpu: Cpu, socket: number, parts: SocketParts): void {
    const at = socket * STRIDE + STATE;
    for (;;) {
      const state = Atomics.compareExchange(this.#words, at, FREE, BUSY);
      if (state === FREE) break;
      if (state & NOTED) return;
      if (state === OWNED && Atomics.compareExchange(this.#words, at, OWNED, OWNED | NOTED) === OWNED) return;
      waitFor(cpu, socket);
    }
    this.#freeAcked(cpu, socket, parts);
    this.#push(cpu, socket, parts, this.#words[socket * STRIDE + END]!);
    Atomics.store(this.#words, at, FREE);
  }

  #own(cpu: Cpu, socket: number): void {
    const at = socket * STRIDE + STATE;
    while (Atomics.compareExchange(this.#words, at, FREE, OWNED) !== FREE) waitFor(cpu, socket);
  }

  #disown(cpu: Cpu, socket: number, parts: SocketParts): void {
    const at = socket * STRIDE + STATE;
    while (Atomics.compareExchange(this.#words, at, OWNED, FREE) !== OWNED) {
      Atomics.store(this.#words, at, OWNED);
      this.#freeAcked(cpu, socket, parts);
      this.#push(cpu, socket, parts, this.#words[socket * STRIDE + END]!);
    }
  }

  /** The last skb if it is unsent and has room, else a new one; -1 when the send buffer is full. */
  #skbToFill(socket: number, skbs: SkbTable): number {
    const words = this.#words;
    const at = socket * STRIDE;
    const end = words[at + END]!;
    if (words[at + NEXT] !== end) {
      const last = this.skb(socket, end - 1);
      if (skbs.bytes(last) < MAX_SKB_BYTES && skbs.frags(last) < MAX_FRAGS) return last;
    }
    if (words[at + CHARGED]! >= this.limits.sendBuffer) return -1;
    const skb = this.skb(socket, end);
    if (!skbs.isFree(skb)) return -1;
    skbs.init(skb, socket);
    words[at + END] = (end + 1) | 0;
    words[at + CHARGED] = words[at + CHARGED]! + SKB_OVERHEAD;
    return skb;
  }

  /** The last skb was made in vain: no page could be had for it. */
  #dropEmpty(socket: number, skb: number, skbs: SkbTable): void {
    const at = socket * STRIDE;
    this.#words[at + END] = (this.#words[at + END]! - 1) | 0;
    this.#words[at + CHARGED] = this.#words[at + CHARGED]! - SKB_OVERHEAD;
    skbs.unshare(skb);
    skbs.recycle(skb);
  }

  /** Copies user bytes into page fragments of the skb until it is full; answers how many. */
  #fill(cpu: Cpu, skb: number, frag: PageFrag, user: number, bytes: number, parts: SocketParts): number {
    const { skbs, pages, fallbackPages, lifetime, meters, ram } = parts;
    const wanted = Math.min(bytes, MAX_SKB_BYTES - skbs.bytes(skb));
    const { list } = cpu;
    list.reset();
    let filled = 0;
    while (filled < wanted) {
      meters.refill.begin();
      const refilled = frag.refill(cpu, MIN_ROOM, pages, fallbackPages);
      meters.refill.end();
      if (!refilled) break;
      const room = Math.min(wanted - filled, frag.size - frag.offset);
      if (!skbs.coalesce(skb, frag.pfn, frag.offset, room)) {
        if (skbs.frags(skb) === MAX_FRAGS) break;
        lifetime.acquire(frag.pfn);
        skbs.addFrag(skb, frag.pfn, frag.offset, room);
      }
      list.push(ram, frag.pfn * PAGE_SIZE + frag.offset, ram, user + filled, room, SITE.user);
      frag.offset += room;
      filled += room;
    }
    if (filled === 0) return 0;
    cpu.list.run(parts.kernel);
    cpu.ledger.add(cpu.id, SITE.user, cpu.context, false, filled, list.ns(SITE.user));
    if (parts.check) skbs.setCrc(skb, cpu.list.checksum(skbs.crc(skb)));
    skbs.addBytes(skb, filled);
    return filled;
  }

  /**
   * Where a sender stops pushing: before a last skb that has room for the next message, while the socket has skbs in
   * queues whose completion will push it (tcp_should_autocork).
   */
  #fullBefore(socket: number, skbs: SkbTable): number {
    const end = this.#words[socket * STRIDE + END]!;
    const last = this.skb(socket, end - 1);
    const isCorked = this.inQueues(socket) > 0 && skbs.bytes(last) < MAX_SKB_BYTES && skbs.frags(last) < MAX_FRAGS;
    return isCorked ? (end - 1) | 0 : end;
  }

  /** Transmits the unsent skbs before ordinal `end` while the small-queue limit allows. */
  #push(cpu: Cpu, socket: number, parts: SocketParts, end: number): void {
    const { skbs, queues, qdisc } = parts;
    const words = this.#words;
    const at = socket * STRIDE;
    const queue = queues[socket % queues.length]!;
    while (((end - words[at + NEXT]!) | 0) > 0) {
      const skb = this.skb(socket, words[at + NEXT]!);
      if (this.inQueues(socket) >= this.limits.smallQueue) return;
      skbs.share(skb);
      words[at + QUEUED] = (words[at + QUEUED]! + skbs.charge(skb)) | 0;
      words[at + NEXT] = (words[at + NEXT]! + 1) | 0;
      qdisc.xmit(cpu, queue, skb);
    }
  }

  /** Drops the socket's share of every skb that the peer has acknowledged. */
  #freeAcked(cpu: Cpu, socket: number, parts: SocketParts): void {
    const { skbs, meters } = parts;
    const words = this.#words;
    const at = socket * STRIDE;
    const acked = Atomics.load(words, at + ACKED);
    let ordinal = words[at + UNACKED]!;
    let freed = 0;
    meters.release.begin();
    while (ordinal !== acked) {
      const skb = this.skb(socket, ordinal);
      freed += skbs.charge(skb);
      releaseShare(cpu, skb, skbs, parts.lifetime);
      ordinal = (ordinal + 1) | 0;
    }
    meters.release.end();
    words[at + UNACKED] = ordinal;
    words[at + CHARGED] = words[at + CHARGED]! - freed;
  }
}

/** Drops one share of an skb; the last one releases its fragments. */
export function releaseShare(cpu: Cpu, skb: number, skbs: SkbTable, lifetime: Lifetime): void {
  if (!skbs.unshare(skb)) return;
  lifetime.release(cpu, skb);
  skbs.recycle(skb);
}

/** Another CPU's softirq has the socket, for as long as it takes to transmit what it may. */
function waitFor(cpu: Cpu, socket: number): void {
  cpu.list.relax(PAUSES);
  if (cpu.table.isAborted()) throw new CopytaxError('ERR_STALLED', `CPU ${cpu.id} waited for socket ${socket}`);
}
