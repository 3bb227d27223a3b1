/**
 * The other end of each stream: receives what the device is done with and acknowledges it later.
 * Models: a receiver behind a link: docs/spec/tx-path.md#acknowledgement. An skb is acknowledged when `lagBytes` more
 * have arrived (data in flight on a long link) and `delayNs` have passed. This lag decides how long memory stays in
 * use, and so which caches the copies find it in. A link that is slower than the device is shared by all sockets; data
 * that it has not carried yet are in the network. Lost skbs are transmitted again, and so are skbs that seem lost
 * because their acknowledgement was.
 * Owner: the CPU that takes the interrupts of the socket's queue.
 */
import { Arena } from '../smp/arena.js';
import type { Cpu, CpuTable } from '../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../smp/spin-lock.js';
import { Losses } from './losses.js';
import { HEADER_BYTES, type SkbTable } from './skb.js';
import { NONE_LOST, type SocketTable } from './socket.js';

export interface PeerConfig {
  /** Charged bytes that follow an skb before it is acknowledged; at most three quarters of the send buffer. */
  readonly lagBytes: number;
  readonly delayNs: number;
  /** Bits per second of the network behind the device. */
  readonly linkBitsPerSecond: number;
  /** Share of the skbs that the network loses. */
  readonly lossShare: number;
  /** Share of the acknowledgements that the network loses; each one includes all before it. */
  readonly ackLossShare: number;
}

const RECORD = Arena.recordOfLines({
  retired: 'i32', // ordinal of the next skb to arrive
  acked: 'i32', // ordinal of the next skb to acknowledge
  chargeArrived: 'f64',
  chargeAcked: 'f64',
  bytesArrived: 'f64',
});
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = RECORD;
const { retired: RETIRED, acked: ACKED } = RECORD.at;
const { chargeArrived: CHARGE_ARRIVED, chargeAcked: CHARGE_ACKED, bytesArrived: BYTES_ARRIVED } = RECORD.at;

const LINK = Arena.recordOfLines({ lock: LOCK_WORDS, freeAt: 'f64' });
const { lock: LINK_LOCK, freeAt: LINK_FREE_AT } = LINK.at;

export class PeerTable {
  readonly #config: PeerConfig;
  readonly #skbs: SkbTable;
  readonly #sockets: SocketTable;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #link: Int32Array;
  readonly #linkTime: Float64Array;
  readonly #isDelayed: boolean;
  readonly #losses: Losses | null;
  readonly #cpus: CpuTable;

  constructor(arena: Arena, config: PeerConfig, skbs: SkbTable, sockets: SocketTable, cpus: CpuTable) {
    this.#config = config;
    this.#skbs = skbs;
    this.#sockets = sockets;
    const { words, doubles } = arena.records(RECORD, sockets.limits.sockets);
    this.#words = words;
    this.#doubles = doubles;
    const link = arena.records(LINK, 1);
    this.#link = link.words;
    this.#linkTime = link.doubles;
    const shares = { skbs: config.lossShare, acks: config.ackLossShare };
    const loses = shares.skbs > 0 || shares.acks > 0;
    this.#isDelayed = config.delayNs > 0 || config.linkBitsPerSecond < Infinity || loses;
    this.#losses = loses ? new Losses(arena, shares, sockets.limits.sockets, skbs.count) : null;
    this.#cpus = cpus;
  }

  reset(): void {
    this.#words.fill(0);
    this.#link.fill(0);
    this.#losses?.reset();
  }

  /** True if acknowledgements may become due with time alone. */
  get isTimed(): boolean {
    return this.#isDelayed || this.#cpus.isDraining();
  }

  /** Payload bytes that arrived in order. */
  receivedBytes(socket: number): number {
    return this.#doubles[socket * DOUBLE_STRIDE + BYTES_ARRIVED]!;
  }

  /** Number of skbs that arrived in order. */
  receivedSkbs(socket: number): number {
    return this.#words[socket * STRIDE + RETIRED]!;
  }

  /** Takes the next skb of a socket into the network, when the device is done with it. */
  receive(cpu: Cpu, socket: number, skb: number): void {
    const words = this.#words;
    const at = socket * STRIDE;
    if (this.#isDelayed) this.#skbs.setArrivesAt(skb, this.#arrival(cpu, skb));
    if (this.#losses !== null) {
      const now = cpu.list.now;
      const flush = this.#cpus.isDraining();
      if (this.#losses.takeRepeat(socket, skb, this.#skbs.bytes(skb))) {
        this.#sendAck(this.#losses, socket, now, flush);
        return;
      }
      this.#losses.carry(socket, skb, this.#skbs.bytes(skb), now, !flush);
      while (this.#losses.takeArrived(socket, this.#sockets.skb(socket, words[at + RETIRED]!))) {
        this.#retire(socket, this.#sockets.skb(socket, words[at + RETIRED]!));
      }
    } else {
      this.#retire(socket, skb);
    }
  }

  /** Payload bytes that left the device, including those that were lost or are still out of order. */
  carriedBytes(socket: number): number {
    return this.#losses?.carriedBytes(socket) ?? this.receivedBytes(socket);
  }

  /** Number of losses of skbs; the same skb may be lost several times. */
  lostSkbs(socket: number): number {
    return this.#losses?.lostSkbs(socket) ?? 0;
  }

  /** Number of skbs that arrived although the peer had them. */
  repeats(socket: number): number {
    return this.#losses?.repeats(socket) ?? 0;
  }

  /** True if an skb that the peer has is on its way again. */
  isRepeating(socket: number): boolean {
    return this.#losses?.isRepeating(socket) ?? false;
  }

  /** Counts a datagram, which is not acknowledged. */
  receiveDatagram(socket: number, bytes: number): void {
    const at = socket * STRIDE;
    this.#words[at + RETIRED] = (this.#words[at + RETIRED]! + 1) | 0;
    this.#words[at + ACKED] = this.#words[at + RETIRED]!;
    const arrived = socket * DOUBLE_STRIDE + BYTES_ARRIVED;
    this.#doubles[arrived] = this.#doubles[arrived]! + bytes;
  }

  /** Acknowledges what is due at `now`. True if there was something. */
  acknowledge(socket: number, now: number): boolean {
    const words = this.#words;
    const doubles = this.#doubles;
    const at = socket * STRIDE;
    const flush = this.#cpus.isDraining();
    const arrived = doubles[socket * DOUBLE_STRIDE + CHARGE_ARRIVED]!;
    const first = words[at + ACKED]!;
    const losses = this.#losses;
    const misses = losses !== null && this.#recover(losses, socket, now, flush);
    let ordinal = first;
    let acked = doubles[socket * DOUBLE_STRIDE + CHARGE_ACKED]!;
    while (ordinal !== words[at + RETIRED]) {
      const skb = this.#sockets.skb(socket, ordinal);
      const next = acked + this.#skbs.charge(skb);
      if (!flush) {
        if (arrived - next < this.#config.lagBytes) break;
        if (this.#isDelayed && now - this.#skbs.arrivesAt(skb) < this.#config.delayNs) break;
      }
      acked = next;
      ordinal = (ordinal + 1) | 0;
    }
    if (ordinal === first) return misses || (losses !== null && this.#repeat(losses, socket, now, flush));
    words[at + ACKED] = ordinal;
    doubles[socket * DOUBLE_STRIDE + CHARGE_ACKED] = acked;
    if (losses !== null) return this.#sendAck(losses, socket, now, flush) || misses;
    this.#sockets.setAcked(socket, ordinal);
    return true;
  }

  /** Counts an skb that the peer has, together with all before it. */
  #retire(socket: number, skb: number): void {
    const at = socket * STRIDE;
    const doubles = this.#doubles;
    this.#words[at + RETIRED] = (this.#words[at + RETIRED]! + 1) | 0;
    const arrived = socket * DOUBLE_STRIDE + CHARGE_ARRIVED;
    doubles[arrived] = doubles[arrived]! + this.#skbs.charge(skb);
    const bytes = socket * DOUBLE_STRIDE + BYTES_ARRIVED;
    doubles[bytes] = doubles[bytes]! + this.#skbs.bytes(skb);
  }

  /** Has the oldest skb that the peer misses transmitted again, if it is certainly lost. True if it is. */
  #recover(losses: Losses, socket: number, now: number, flush: boolean): boolean {
    const ordinal = this.#words[socket * STRIDE + RETIRED]!;
    if (!losses.takeLost(socket, this.#sockets.skb(socket, ordinal), flush ? Infinity : now)) return false;
    // A request that the sender has not found yet is for a repeat, which can wait.
    if (this.#sockets.takeLost(socket) !== NONE_LOST) losses.forgoRepeat(socket);
    this.#sockets.setLost(socket, ordinal);
    return true;
  }

  /** Sends an acknowledgement of all that was acknowledged; false if the network loses it. */
  #sendAck(losses: Losses, socket: number, now: number, flush: boolean): boolean {
    if (!flush && losses.losesAck(socket, now)) return false;
    const ordinal = this.#words[socket * STRIDE + ACKED]!;
    const noted = this.#sockets.takeLost(socket);
    if (noted !== NONE_LOST) {
      // An skb that the sender is about to free must not be transmitted again.
      if (((noted - ordinal) | 0) < 0) losses.forgoRepeat(socket);
      else this.#sockets.setLost(socket, noted);
    }
    this.#sockets.setAcked(socket, ordinal);
    return true;
  }

  /**
   * Has the oldest skb whose acknowledgement did not reach the sender transmitted again, if the last acknowledgement is
   * lost and none follows. True if the sender has something to do.
   */
  #repeat(losses: Losses, socket: number, now: number, flush: boolean): boolean {
    const told = this.#sockets.acked(socket);
    if (told === this.#words[socket * STRIDE + ACKED]) return false;
    if (flush) return this.#sendAck(losses, socket, now, flush);
    if (!losses.seemsLost(socket, now)) return false;
    const noted = this.#sockets.takeLost(socket);
    if (noted !== NONE_LOST) {
      this.#sockets.setLost(socket, noted); // an skb that the peer misses comes first
    } else {
      losses.repeat(socket, this.#sockets.skb(socket, told));
      this.#sockets.setLost(socket, told);
    }
    return true;
  }

  /** Time at which the link, which carries one skb after the other, will have carried this one. */
  #arrival(cpu: Cpu, skb: number): number {
    const { linkBitsPerSecond } = this.#config;
    const { now } = cpu.list;
    if (linkBitsPerSecond === Infinity) return now;
    lock(cpu, this.#link, LINK_LOCK);
    const at =
      Math.max(now, this.#linkTime[LINK_FREE_AT]!) + ((this.#skbs.bytes(skb) + HEADER_BYTES) * 8e9) / linkBitsPerSecond;
    this.#linkTime[LINK_FREE_AT] = at;
    unlock(this.#link, LINK_LOCK);
    return at;
  }
}
