/**
 * What a network loses of streams, and when a receiver knows that it did.
 * Models: losses at random, and their detection by acknowledgements that stand still (three later arrivals) or by time
 * (a tail loss probe). Which skbs are lost follows from the socket and from how many it has sent, so that it is the same
 * in every run. Deviation: one skb after the other is recovered, and a loss leaves the window as it is.
 * Owner: the CPU that takes the interrupts of the socket's queue.
 */
import type { Arena } from '../smp/arena.js';

const STRIDE = 32;
const STATE = 0; // of the random numbers
const EARLY = 1; // skbs that have arrived and wait for one before them
const LOST = 2;
const CARRIED = 2; // doubles
const LOST_AT = 3;

// Of an skb:
const UNSEEN = 0;
const ARRIVED = 1;
const MISSED = 2;

/** Later arrivals that make a missing skb a lost one. */
const REORDERING = 3;
/** When an skb that nothing follows is taken for lost. */
const PROBE_NS = 2e6;

export class Losses {
  readonly #threshold: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #skbs: Uint8Array;

  constructor(arena: Arena, rate: number, sockets: number, skbs: number) {
    this.#threshold = rate * 2 ** 32;
    this.#words = arena.int32(sockets * STRIDE);
    this.#doubles = new Float64Array(this.#words.buffer, this.#words.byteOffset, this.#words.length / 2);
    this.#skbs = arena.uint8(skbs);
  }

  reset(): void {
    this.#words.fill(0);
    this.#skbs.fill(UNSEEN);
    for (let at = 0, seed = 1; at < this.#words.length; at += STRIDE, seed++) {
      this.#words[at + STATE] = Math.imul(seed, 0x9e3779b1) | 1;
    }
  }

  carriedBytes(socket: number): number {
    return this.#doubles[(socket * STRIDE) / 2 + CARRIED]!;
  }

  lostSkbs(socket: number): number {
    return this.#words[socket * STRIDE + LOST]!;
  }

  /** The skb is in the network, which delivers it or, when it may, loses it. */
  carry(socket: number, skb: number, bytes: number, now: number, mayLose: boolean): void {
    const at = socket * STRIDE;
    const carried = at / 2 + CARRIED;
    this.#doubles[carried] = this.#doubles[carried]! + bytes;
    if (mayLose && this.#next(at) < this.#threshold) {
      this.#skbs[skb] = MISSED;
      this.#words[at + LOST] = this.#words[at + LOST]! + 1;
      this.#doubles[at / 2 + LOST_AT] = now;
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
    if (this.#words[at + EARLY]! < REORDERING && now - this.#doubles[at / 2 + LOST_AT]! < PROBE_NS) return false;
    this.#skbs[skb] = UNSEEN;
    return true;
  }

  /** Xorshift: 32 bits. */
  #next(at: number): number {
    let state = this.#words[at + STATE]!;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#words[at + STATE] = state;
    return state >>> 0;
  }
}
