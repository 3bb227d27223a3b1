/**
 * What a network loses of streams and of what acknowledges them, and when either end knows that it did.
 * Models: losses at random, and their detection by acknowledgements that stand still (three later arrivals) or by time
 * (a tail loss probe). Which are lost follows from the socket and from how many it has sent, so that it is the same
 * in every run. Deviation: one skb after the other is recovered, and a loss leaves the window as it is; of what was
 * received and seems lost, for want of an acknowledgement, one skb at a time is on its way again.
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
/** When an skb that nothing follows is taken for lost. */
const PROBE_NS = 2e6;

/** Shares, 0..1. */
export interface LossRates {
  readonly skbs: number;
  readonly acks: number;
}

export class Losses {
  readonly #threshold: number;
  readonly #ackThreshold: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #skbs: Uint8Array;

  constructor(arena: Arena, rates: LossRates, sockets: number, skbs: number) {
    this.#threshold = rates.skbs * 2 ** 32;
    this.#ackThreshold = rates.acks * 2 ** 32;
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

  carriedBytes(socket: number): number {
    return this.#doubles[socket * DOUBLE_STRIDE + CARRIED]!;
  }

  lostSkbs(socket: number): number {
    return this.#words[socket * STRIDE + LOST]!;
  }

  /** skbs that arrived once more than was needed. */
  repeats(socket: number): number {
    return this.#words[socket * STRIDE + REPEATS]!;
  }

  /** The skb is in the network, which delivers it or, when it may, loses it. */
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

  /** Has the skb that is the next in order arrived? Says so once. */
  takeArrived(socket: number, skb: number): boolean {
    if (this.#skbs[skb] !== ARRIVED) return false;
    this.#skbs[skb] = UNSEEN;
    const early = socket * STRIDE + EARLY;
    this.#words[early] = this.#words[early]! - 1;
    return true;
  }

  /** Is the skb that is the next in order lost for certain? Says so once for each time that it is lost. */
  takeLost(socket: number, skb: number, now: number): boolean {
    if (this.#skbs[skb] !== MISSED) return false;
    const at = socket * STRIDE;
    if (this.#words[at + EARLY]! < REORDERING && now - this.#doubles[socket * DOUBLE_STRIDE + LOST_AT]! < PROBE_NS)
      return false;
    this.#skbs[skb] = UNSEEN;
    return true;
  }

  /** Does the network lose this acknowledgement? */
  losesAck(socket: number, now: number): boolean {
    const at = socket * STRIDE;
    if (this.#next(at + ACK_STATE) >= this.#ackThreshold) return false;
    this.#doubles[socket * DOUBLE_STRIDE + ACK_LOST_AT] = now;
    return true;
  }

  /** Has nobody told the sender of what arrived, for so long that it takes it for lost? */
  seemsLost(socket: number, now: number): boolean {
    return !this.isRepeating(socket) && now - this.#doubles[socket * DOUBLE_STRIDE + ACK_LOST_AT]! >= PROBE_NS;
  }

  /** Is something on its way, or about to be, that the peer has? */
  isRepeating(socket: number): boolean {
    return this.#words[socket * STRIDE + REPEATED] !== 0;
  }

  /** The sender is about to transmit this skb again, although the peer has it. */
  repeat(socket: number, skb: number): void {
    this.#words[socket * STRIDE + REPEATED] = skb + 1;
  }

  /** It will not, after all. */
  forgoRepeat(socket: number): void {
    this.#words[socket * STRIDE + REPEATED] = 0;
  }

  /** Is it the one that the peer has had? Until it has arrived, no other skb can have its record. */
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
