/**
 * The transmit side of a stream socket: takes bytes from users, puts them into skbs, transmits these, frees them.
 * Models: the transmit side of TCP (tcp_sendmsg, tcp_push, tcp_write_xmit, tcp_clean_rtx_queue in net/ipv4): coalescing
 * into the last unsent skb, autocorking, the small-queue limit: docs/spec/tx-path.md#from-sendmsg-to-a-clone,
 * docs/spec/tx-path.md#acknowledgement. Deviation: the congestion window and the pacing rate are given and do not
 * change, and only whole skbs go into the window.
 * Owner: the thread of its CPU; there is one for each CPU, over the same sockets.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';
import type { Meter } from '../smp/meter.js';
import type { Filler } from './filler.js';
import { type Lifetime, releaseData } from './lifetime.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import type { SkbTable } from './skb.js';
import { NO_ROOM, NONE_LOST, type SocketTable } from './socket.js';
import type { PathParts, TransmitPath } from './transmit-path.js';

export class StreamPath implements TransmitPath {
  readonly isTimed: boolean;
  readonly #cpu: Cpu;
  readonly #sockets: SocketTable;
  readonly #skbs: SkbTable;
  readonly #lifetime: Lifetime;
  readonly #peers: PeerTable;
  readonly #filler: Filler;
  readonly #qdisc: Qdisc;
  readonly #releaseTime: Meter;
  readonly #pacingBitsPerSecond: number;

  /**
   * @param releaseTime times the release of what was acknowledged
   * @param pacingBitsPerSecond what leaves each socket, its timer firing in softirq; `Infinity`: not paced
   */
  constructor(cpu: Cpu, parts: PathParts, releaseTime: Meter, pacingBitsPerSecond = Infinity) {
    this.isTimed = pacingBitsPerSecond < Infinity;
    this.#cpu = cpu;
    this.#sockets = parts.sockets;
    this.#skbs = parts.skbs;
    this.#lifetime = parts.lifetime;
    this.#peers = parts.peers;
    this.#filler = parts.filler;
    this.#qdisc = parts.qdisc;
    this.#releaseTime = releaseTime;
    this.#pacingBitsPerSecond = pacingBitsPerSecond;
  }

  /** The body of tcp_sendmsg. One native crossing for each skb that is filled. */
  send(socket: number, pfrag: PageFrag, userOffset: number, bytes: number): number {
    const sockets = this.#sockets;
    const skbs = this.#skbs;

    // Step 1: lock the socket, so that softirqs leave their work to this sender.
    sockets.locks.lockSock(this.#cpu, socket);

    // Step 2: fill skbs with the user's bytes until all are taken, the send buffer is full, or there is no page.
    let taken = 0;
    while (taken < bytes) {
      const skb = this.#skbToFill(socket);
      if (skb === NO_ROOM) break;
      const filled = this.#filler.fill(skb, pfrag, userOffset + taken, bytes - taken);
      if (filled === 0) {
        if (skbs.bytes(skb) === 0) sockets.takeBack(socket, skb, skbs);
        else if (!skbs.hasRoom(skb)) continue; // sealed: the rest goes into another skb
        break;
      }
      sockets.addSent(socket, filled);
      taken += filled;
    }
    this.#filler.endSend(socket);

    // Step 3: transmit what the limits allow, but hold back a last skb that the next message may still fill.
    this.#push(socket, this.#corkedFrom(socket));

    // Step 4: release the lock. Each time that a softirq has left work in the backlog meanwhile, do it first.
    while (!sockets.locks.releaseSock(socket)) this.#work(socket);
    return taken;
  }

  isWritable(socket: number): boolean {
    return this.#sockets.isWritable(socket);
  }

  finish(cpu: Cpu, skb: number): void {
    const socket = this.#skbs.socket(skb);
    this.#sockets.uncharge(socket, this.#skbs.charge(skb));
    this.#peers.receive(cpu, socket, skb);
    releaseData(cpu, skb, this.#skbs, this.#lifetime);
  }

  isDue(socket: number, now: number): boolean {
    const sockets = this.#sockets;
    if (!this.isTimed || sockets.next(socket) === sockets.end(socket) || !this.#isPaceDue(socket, now)) return false;
    return this.#isAllowed(socket); // if not, the completion or acknowledgement that allows it also transmits
  }

  /** Frees acknowledged skbs and transmits what the limits allow, or leaves that to the sender that owns the socket. */
  softirq(socket: number): void {
    const { locks } = this.#sockets;
    if (!locks.bhLockOrBacklog(this.#cpu, socket)) return;
    this.#work(socket);
    locks.bhUnlock(socket);
  }

  #work(socket: number): void {
    this.#freeAcked(socket);
    this.#retransmit(socket);
    this.#push(socket, this.#sockets.end(socket));
  }

  /** The last skb if it is unsent and has room, else a new one. */
  #skbToFill(socket: number): number {
    const sockets = this.#sockets;
    const end = sockets.end(socket);
    if (sockets.next(socket) !== end) {
      const last = sockets.skb(socket, end - 1);
      if (this.#skbs.hasRoom(last)) return last;
    }
    return sockets.append(socket, this.#skbs);
  }

  /**
   * Ordinal at which a sender stops pushing: that of the last skb, if it has room for the next message and the socket
   * has skbs in queues, whose completion will push it (tcp_should_autocork).
   */
  #corkedFrom(socket: number): number {
    const sockets = this.#sockets;
    const end = sockets.end(socket);
    const isCorked = sockets.inQueues(socket) > 0 && this.#skbs.hasRoom(sockets.skb(socket, end - 1));
    return isCorked ? (end - 1) | 0 : end;
  }

  /**
   * Transmits unsent skbs below ordinal `end` while the small-queue limit, the congestion window and the pace allow.
   */
  #push(socket: number, end: number): void {
    const cpu = this.#cpu;
    const sockets = this.#sockets;
    const skbs = this.#skbs;
    const qdisc = this.#qdisc;
    const queue = qdisc.queueOf(socket);
    while (((end - sockets.next(socket)) | 0) > 0) {
      if (!this.#isAllowed(socket)) return;
      if (this.isTimed && !this.#isPaceDue(socket, cpu.list.now)) return;
      const skb = sockets.skb(socket, sockets.next(socket));
      skbs.clone(skb);
      sockets.advance(socket, skbs.charge(skb));
      if (this.isTimed) this.#pace(socket, skb);
      qdisc.xmit(cpu, queue, skb);
    }
  }

  /** True if the small-queue limit, which completions relieve, and the congestion window allow another skb. */
  #isAllowed(socket: number): boolean {
    const sockets = this.#sockets;
    return sockets.inQueues(socket) < sockets.limits.smallQueueBytes && sockets.isWindowOpen(socket);
  }

  /** Transmits the skb that the peer misses again, from the same pages, which are bounced again. */
  #retransmit(socket: number): void {
    const sockets = this.#sockets;
    const skbs = this.#skbs;
    const ordinal = sockets.takeLost(socket);
    if (ordinal === NONE_LOST) return;
    const skb = sockets.skb(socket, ordinal);
    skbs.clone(skb);
    sockets.retransmitted(socket, skbs.charge(skb));
    this.#qdisc.xmit(this.#cpu, this.#qdisc.queueOf(socket), skb);
  }

  #isPaceDue(socket: number, now: number): boolean {
    return now >= this.#sockets.leavesAt(socket) || this.#cpu.table.isDraining();
  }

  /**
   * Sets when the next skb may leave: this skb's time at the pacing rate from now, less up to half of it if it is late.
   */
  #pace(socket: number, skb: number): void {
    const sockets = this.#sockets;
    const { now } = this.#cpu.list;
    const length = (this.#skbs.bytes(skb) * 8e9) / this.#pacingBitsPerSecond;
    const due = sockets.leavesAt(socket);
    const late = due === 0 ? 0 : Math.max(0, now - due);
    sockets.setLeavesAt(socket, now + length - Math.min(length / 2, late));
  }

  /** Drops the socket's references to the skbs that the peer has acknowledged. */
  #freeAcked(socket: number): void {
    const sockets = this.#sockets;
    const skbs = this.#skbs;
    const acked = sockets.acked(socket);
    let ordinal = sockets.unacked(socket);
    if (ordinal === acked) return;
    let charge = 0;
    this.#releaseTime.begin();
    while (ordinal !== acked) {
      const skb = sockets.skb(socket, ordinal);
      charge += skbs.charge(skb);
      releaseData(this.#cpu, skb, skbs, this.#lifetime);
      ordinal = (ordinal + 1) | 0;
    }
    this.#lifetime.acknowledged?.(this.#cpu, socket);
    this.#releaseTime.end();
    sockets.freed(socket, ordinal, charge);
  }
}
