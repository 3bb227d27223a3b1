/** A sender that bounces at a pace beside a neighbour, or only waits. Owner: the main thread. */
import { type Bounces, PACKET_BYTES } from './bounces.js';
import type { Pace } from './pollution-plan.js';

/** A rate that every copy kernel reaches on most hosts, so that neighbours see as many bytes of each. */
export const PACED_GBPS = 40;
/** Between two turns, while a turn takes some hundred microseconds at most. */
const STOPPED_MS = 2;
const PACKETS_PER_TURN: Readonly<Record<Pace, number>> = { paced: 1, 'full speed': 4 };

export class Sender {
  readonly #bounces: Bounces;
  readonly #copyKernel: number | null;
  readonly #packets: number;
  readonly #periodMs: number;
  readonly #begin = performance.now();
  #due = this.#begin;
  #now = this.#begin;
  #bytes = 0;
  #longestMs = 0;

  /** `copyKernel`: null for one that only waits. */
  constructor(bounces: Bounces, copyKernel: number | null, pace: Pace) {
    this.#bounces = bounces;
    this.#copyKernel = copyKernel;
    this.#packets = PACKETS_PER_TURN[pace];
    this.#periodMs = pace === 'paced' ? (this.#packets * PACKET_BYTES * 8) / (PACED_GBPS * 1e6) : 0;
  }

  /** Bounces if that is due. Of what was missed, one turn at most is made up for. */
  turn(): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#now);
    this.#now = now;
    if (now < this.#due) return;
    this.#due = Math.max(this.#due + this.#periodMs, now);
    if (this.#copyKernel === null) {
      this.#bounces.rest();
      return;
    }
    this.#bounces.bounce(this.#copyKernel, this.#packets);
    this.#bounces.advance(this.#packets);
    this.#bytes += this.#packets * PACKET_BYTES;
  }

  /** Whether the host took its CPU away: no turn takes as long. */
  get wasStopped(): boolean {
    return this.#longestMs > STOPPED_MS;
  }

  /** Gbit/s that were bounced from when it was made to its last turn; 0 where that is no time. */
  rate(): number {
    const ms = this.#now - this.#begin;
    return ms > 0 ? (this.#bytes * 8) / (ms * 1e6) : 0;
  }
}
