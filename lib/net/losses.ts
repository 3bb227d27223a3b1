/**
 * Losses of skbs and of acknowledgements in the network, and when either end detects them.
 * Models: random losses, and their detection by acknowledgements that stand still (three later arrivals) or by time (a
 * tail loss probe). The socket and the number of skbs that it has sent decide which are lost, so every run loses the
 * same ones. Deviation: one skb is recovered after the other, and a loss does not change the congestion window; of the
 * skbs that were received but seem lost for lack of an acknowledgement, one at a time is transmitted again.
 * Owner: the CPU that takes the interrupts of the socket's queue.
 */
import { xorshift } from '../random.js';
import { Arena } from '../smp/arena.js';

const RECORD = Arena.recordOfLines({
  state: 'i32', // of the random numbers
  early: 'i32', // skbs that have arrived and wait for an earlier one
  lost: 'i32', // skbs
  repeated: 'i32', // skb + 1 that is on its way although the peer has it
  repeats: 'i32',
  ackState: 'i32', // of the random numbers for acknowledgements
  carriedBytes: 'f64',
  lostAt: 'f64',
  ackLostAt: 'f64',
});
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = RECORD;
const { state: STATE, early: EARLY, lost: LOST, repeated: REPEATED, repeats: REPEATS, ackState: ACK_STATE } = RECORD.at;
const { carriedBytes: CARRIED, lostAt: LOST_AT, ackLostAt: ACK_LOST_AT } = RECORD.at;

// Of an skb:
const UNSEEN = 0;
const ARRIVED = 1;
const MISSED = 2;

/** Later arrivals that make a missing skb a lost one. */
const REORDERING = 3;
/** Time after which an skb that nothing follows is taken for lost. */
const PROBE_NS = 2e6;

/** Shares of skbs and of acknowledgements that are lost, 0..1. */
export interface LossShares {
  readonly skbs: number;
  readonly acks: number;
}

export class Losses {
  readonly #threshold: number;
  readonly #ackThreshold: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #skbs: Uint8Array;

  constructor(arena: Arena, shares: LossShares, sockets: number, skbs: number) {
    this.#threshold = shares.skbs * 2 ** 32;
    this.#ackThreshold = shares.acks * 2 ** 32;
    const { words, doubles } = arena.records(RECORD, sockets);
    this.#words = words;
    this.#doubles = doubles;
    this.#skbs = arena.uint8(skbs);
  }

  reset(): void {
    this.#words.fill(0);
    this.#skbs.fill(UNSEEN);
    for (let at = 0, seed = 1; at < this.#words.length; at += STRIDE, seed++) {
      this.#words[at + STATE] = Math.imul(seed, 0x9e3779b1) | 1;
      this.#words[at + ACK_STATE] = Math.imul(seed, 0x85ebca6b) | 1;
    }
  }

  /** Payload bytes that the network carried. */
  carriedBytes(socket: number): number {
    return this.#doubles[socket * DOUBLE_STRIDE + CARRIED]!;
  }

  /** Number of skbs that the network lost. */
  lostSkbs(socket: number): number {
    return this.#words[socket * STRIDE + LOST]!;
  }

  /** Number of skbs that arrived although the peer had them. */
  repeats(socket: number): number {
    return this.#words[socket * STRIDE + REPEATS]!;
  }

  /** Puts an skb into the network, which delivers it or, if `mayLose`, may lose it. */
  carry(socket: number, skb: number, bytes: number, now: number, mayLose: boolean): void {
    const at = socket * STRIDE;
    this.#addCarried(socket, bytes);
    if (mayLose && this.#next(at + STATE) < this.#threshold) {
      this.#skbs[skb] = MISSED;
      this.#words[at + LOST] = this.#words[at + LOST]! + 1;
      this.#doubles[socket * DOUBLE_STRIDE + LOST_AT] = now;
    } else {
      this.#skbs[skb] = ARRIVED;
      this.#words[at + EARLY] = this.#words[at + EARLY]! + 1;
    }
  }

  /** True, once, if the skb that is next in order has arrived. */
  takeArrived(socket: number, skb: number): boolean {
    if (this.#skbs[skb] !== ARRIVED) return false;
    this.#skbs[skb] = UNSEEN;
    const early = socket * STRIDE + EARLY;
    this.#words[early] = this.#words[early]! - 1;
    return true;
  }

  /** True, once for each loss, if the skb that is next in order is certainly lost. */
  takeLost(socket: number, skb: number, now: number): boolean {
    if (this.#skbs[skb] !== MISSED) return false;
    const at = socket * STRIDE;
    if (this.#words[at + EARLY]! < REORDERING && now - this.#doubles[socket * DOUBLE_STRIDE + LOST_AT]! < PROBE_NS)
      return false;
    this.#skbs[skb] = UNSEEN;
    return true;
  }

  /** True if the network loses this acknowledgement. */
  losesAck(socket: number, now: number): boolean {
    const at = socket * STRIDE;
    if (this.#next(at + ACK_STATE) >= this.#ackThreshold) return false;
    this.#doubles[socket * DOUBLE_STRIDE + ACK_LOST_AT] = now;
    return true;
  }

  /** True if the sender takes data for lost that arrived, since no acknowledgement has reached it for long enough. */
  seemsLost(socket: number, now: number): boolean {
    return !this.isRepeating(socket) && now - this.#doubles[socket * DOUBLE_STRIDE + ACK_LOST_AT]! >= PROBE_NS;
  }

  /** True if an skb that the peer has is on its way again, or about to be. */
  isRepeating(socket: number): boolean {
    return this.#words[socket * STRIDE + REPEATED] !== 0;
  }

  /** Notes that the sender is about to transmit this skb again, although the peer has it. */
  repeat(socket: number, skb: number): void {
    this.#words[socket * STRIDE + REPEATED] = skb + 1;
  }

  /** Notes that the sender will not transmit it again after all. */
  forgoRepeat(socket: number): void {
    this.#words[socket * STRIDE + REPEATED] = 0;
  }

  /** True if this is the skb that was repeated. Until it has arrived, no other skb can use its record. */
  takeRepeat(socket: number, skb: number, bytes: number): boolean {
    const at = socket * STRIDE;
    if (this.#words[at + REPEATED] !== skb + 1) return false;
    this.#words[at + REPEATED] = 0;
    this.#words[at + REPEATS] = this.#words[at + REPEATS]! + 1;
    this.#addCarried(socket, bytes);
    return true;
  }

  #addCarried(socket: number, bytes: number): void {
    const carried = socket * DOUBLE_STRIDE + CARRIED;
    this.#doubles[carried] = this.#doubles[carried]! + bytes;
  }

  /** Returns 32 random bits; the state of the stream is at `at`. */
  #next(at: number): number {
    const state = xorshift(this.#words[at]!);
    this.#words[at] = state;
    return state >>> 0;
  }
}
