/**
 * What a stream does with its socket: takes bytes from users, hangs them on skbs, transmits them, frees them.
 * Models: the transmit side of TCP (tcp_sendmsg, tcp_push, tcp_write_xmit, tcp_clean_rtx_queue in net/ipv4): coalescing
 * into the last unsent skb, autocorking, the small-queue limit; the transmit path's specification, section 1.1 steps
 * 1 to 11 and 20. Deviation: the congestion window is given, and whole skbs go into it; what it is limited to, and at
 * what rate a paced stream transmits, does not change.
 * Owner: the thread of its CPU; there is one for each CPU, over the same sockets.
 */
import { CopytaxError } from '../errors.js';
import type { PageFrag } from '../page/page-frag.js';
import type { PageSource } from '../page/page-source.js';
import type { PageTable } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import type { Cpu } from '../smp/cpu.js';
import { SITE } from '../smp/ledger.js';
import type { Meter } from '../smp/meter.js';
import { PAGE_SIZE } from '../units.js';
import { type Lifetime, releaseShare } from './lifetime.js';
import type { PageChoice } from './page-choice.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import { MAX_FRAGS, type SkbTable } from './skb.js';
import { NO_ROOM, NONE_LOST, type SocketTable } from './socket.js';
import type { TransmitPath } from './transmit-path.js';
import type { TxQueue } from './tx-queue.js';

/** Smallest room in a page fragment that is worth filling, bytes. */
const MIN_ROOM = 32;

export interface StreamParts {
  readonly cpu: Cpu;
  readonly sockets: SocketTable;
  readonly skbs: SkbTable;
  /** Socket i transmits on queue i mod their number. */
  readonly queues: readonly TxQueue[];
  readonly qdisc: Qdisc;
  readonly lifetime: Lifetime;
  readonly peers: PeerTable;
  /** Bits per second that leave each socket, its timer firing in softirq; `Infinity`: not paced. */
  readonly pacingRate: number;
  readonly pages: PageTable;
  /** Says who is asked for order-3 fragment pages first. */
  readonly pageChoice: PageChoice;
  /** Asked when that one has none. */
  readonly fallbackPages: PageSource;
  readonly meters: { readonly refill: Meter; readonly release: Meter };
  /** Region whose offsets are physical addresses. */
  readonly ram: number;
  /** Index of the copy kernel of user copies. */
  readonly kernel: number;
  /** Keep a CRC of what each skb was given, for a checking device. */
  readonly check: boolean;
}

export class StreamPath implements TransmitPath {
  readonly isTimed: boolean;
  readonly #parts: StreamParts;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.isTimed = parts.pacingRate < Infinity;
  }

  /** One native crossing for each skb that is filled. */
  send(socket: number, frag: PageFrag, user: number, bytes: number): number {
    const { cpu, sockets, skbs } = this.#parts;
    sockets.locks.lockSock(cpu, socket);
    let taken = 0;
    while (taken < bytes) {
      const skb = this.#skbToFill(socket);
      if (skb === NO_ROOM) break;
      const filled = this.fill(skb, frag, user + taken, bytes - taken);
      if (filled === 0) {
        if (skbs.bytes(skb) === 0) sockets.takeBack(socket, skb, skbs);
        break;
      }
      sockets.addSent(socket, filled);
      taken += filled;
    }
    this.#push(socket, this.#corkedFrom(socket));
    while (!sockets.locks.releaseSock(socket)) this.#work(socket);
    return taken;
  }

  isWritable(socket: number): boolean {
    return this.#parts.sockets.isWritable(socket);
  }

  completed(cpu: Cpu, skb: number): void {
    const { sockets, skbs, peers, lifetime } = this.#parts;
    const socket = skbs.socket(skb);
    sockets.uncharge(socket, skbs.charge(skb));
    peers.receive(cpu, socket, skb);
    releaseShare(cpu, skb, skbs, lifetime);
  }

  isDue(socket: number, now: number): boolean {
    const { sockets } = this.#parts;
    if (!this.isTimed || sockets.next(socket) === sockets.end(socket) || !this.#mayLeave(socket, now)) return false;
    return this.#hasLeave(socket); // else what gives leave sees to it
  }

  /** Frees what is acknowledged and transmits what may be, or leaves that to the socket's owner. */
  softirq(socket: number): void {
    const { cpu, sockets } = this.#parts;
    if (!sockets.locks.bhLockOrBacklog(cpu, socket)) return;
    this.#work(socket);
    sockets.locks.bhUnlock(socket);
  }

  #work(socket: number): void {
    this.#freeAcked(socket);
    this.#retransmit(socket);
    this.#push(socket, this.#parts.sockets.end(socket));
  }

  /** The last skb if it is unsent and has room, else a new one. */
  #skbToFill(socket: number): number {
    const { sockets, skbs } = this.#parts;
    const end = sockets.end(socket);
    if (sockets.next(socket) !== end) {
      const last = sockets.skb(socket, end - 1);
      if (skbs.hasRoom(last)) return last;
    }
    return sockets.append(socket, skbs);
  }

  /** Copies user bytes into page fragments of the skb until it is full; answers how many. Process context. */
  fill(skb: number, frag: PageFrag, user: number, bytes: number): number {
    const { cpu, skbs, pageChoice, fallbackPages, lifetime, meters, ram } = this.#parts;
    const wanted = Math.min(bytes, skbs.maxBytes - skbs.bytes(skb));
    const { list } = cpu;
    list.reset();
    const preferred = pageChoice.sourceFor(skbs.socket(skb));
    if (pageChoice.isStrict) frag.dropUnlessOf(cpu, preferred);
    let filled = 0;
    while (filled < wanted) {
      meters.refill.begin();
      const refilled = frag.refill(cpu, MIN_ROOM, preferred, fallbackPages);
      meters.refill.end();
      if (!refilled) break;
      if (this.#parts.check) this.#assertUnexposed(skb, frag.pfn);
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
    list.run(this.#parts.kernel);
    cpu.ledger.add(cpu.id, SITE.user, cpu.context, false, filled, list.ns(SITE.user));
    if (this.#parts.check) skbs.setCrc(skb, list.checksum(skbs.crc(skb)));
    skbs.addBytes(skb, filled);
    return filled;
  }

  /** Plain text must not be written where the host can read it. */
  #assertUnexposed(skb: number, pfn: number): void {
    const { skbs, pages, pageChoice } = this.#parts;
    const socket = skbs.socket(skb);
    if (!pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb) || pageChoice.isPublic(socket)) return;
    const message = `private payload of socket ${socket} was to be written to page ${pfn} of the bounce pool`;
    throw new CopytaxError('ERR_EXPOSED', message, { socket, pfn });
  }

  /**
   * Where a sender stops pushing: before a last skb that has room for the next message, while the socket has skbs in
   * queues whose completion will push it (tcp_should_autocork).
   */
  #corkedFrom(socket: number): number {
    const { sockets, skbs } = this.#parts;
    const end = sockets.end(socket);
    const isCorked = sockets.inQueues(socket) > 0 && skbs.hasRoom(sockets.skb(socket, end - 1));
    return isCorked ? (end - 1) | 0 : end;
  }

  /** Transmits the unsent skbs before ordinal `end` while the small-queue limit, the window and the pace allow. */
  #push(socket: number, end: number): void {
    const { cpu, sockets, skbs, queues, qdisc } = this.#parts;
    const queue = queues[socket % queues.length]!;
    while (((end - sockets.next(socket)) | 0) > 0) {
      if (!this.#hasLeave(socket)) return;
      if (this.isTimed && !this.#mayLeave(socket, cpu.list.now)) return;
      const skb = sockets.skb(socket, sockets.next(socket));
      skbs.share(skb);
      sockets.advance(socket, skbs.charge(skb));
      if (this.isTimed) this.#pace(socket, skb);
      qdisc.xmit(cpu, queue, skb);
    }
  }

  /** Do the small-queue limit, which completions relieve, and the window, which acknowledgements open, let it transmit? */
  #hasLeave(socket: number): boolean {
    const { sockets } = this.#parts;
    return sockets.inQueues(socket) < sockets.limits.smallQueue && sockets.isWindowOpen(socket);
  }

  /** Transmits what the peer misses once more, from the same pages, which are bounced once more. */
  #retransmit(socket: number): void {
    const { cpu, sockets, skbs, queues, qdisc } = this.#parts;
    const ordinal = sockets.takeLost(socket);
    if (ordinal === NONE_LOST) return;
    const skb = sockets.skb(socket, ordinal);
    skbs.share(skb);
    sockets.retransmitted(socket, skbs.charge(skb));
    qdisc.xmit(cpu, queues[socket % queues.length]!, skb);
  }

  #mayLeave(socket: number, now: number): boolean {
    const { cpu, sockets } = this.#parts;
    return now >= sockets.leavesAt(socket) || cpu.table.isDraining();
  }

  /** When the next skb may leave: when this one will have at the socket's rate, less up to half of it for being late. */
  #pace(socket: number, skb: number): void {
    const { cpu, sockets, skbs, pacingRate } = this.#parts;
    const { now } = cpu.list;
    const length = (skbs.bytes(skb) * 8e9) / pacingRate;
    const due = sockets.leavesAt(socket);
    const late = due === 0 ? 0 : Math.max(0, now - due);
    sockets.setLeavesAt(socket, now + length - Math.min(length / 2, late));
  }

  /** Drops the socket's share of every skb that the peer has acknowledged. */
  #freeAcked(socket: number): void {
    const { cpu, sockets, skbs, lifetime, meters } = this.#parts;
    const acked = sockets.acked(socket);
    let ordinal = sockets.unacked(socket);
    if (ordinal === acked) return;
    let charge = 0;
    meters.release.begin();
    while (ordinal !== acked) {
      const skb = sockets.skb(socket, ordinal);
      charge += skbs.charge(skb);
      releaseShare(cpu, skb, skbs, lifetime);
      ordinal = (ordinal + 1) | 0;
    }
    meters.release.end();
    sockets.freed(socket, ordinal, charge);
  }
}
