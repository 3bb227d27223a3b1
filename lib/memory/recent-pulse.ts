/**
 * Pulses beside samples that are hardly longer than a pulse: one serves all samples of a few milliseconds, so that
 * pulses take at most one percent of the time.
 */
import { addon } from '../addon/addon.js';

/** A hundred times what a pulse takes on a CPU of 1.7 GHz. */
const FRESH_MS = 2.5;

/** Owner: one thread. */
export class RecentPulse {
  readonly #pulse: () => number;
  readonly #freshMs: number;
  readonly #now: () => number;
  #ns = 0;
  #takenMs = Number.NEGATIVE_INFINITY;

  /** `pulse`: takes one, usually of this thread; `freshMs`: how long it is good for; `now`: a clock, milliseconds. */
  constructor(pulse = () => addon().pulse(), freshMs = FRESH_MS, now = () => performance.now()) {
    this.#pulse = pulse;
    this.#freshMs = freshMs;
    this.#now = now;
  }

  /** Nanoseconds per step: of the last pulse while it is fresh, else of one taken now. Throws as `pulse` does. */
  read(): number {
    if (this.#now() - this.#takenMs >= this.#freshMs) {
      this.#ns = this.#pulse();
      this.#takenMs = this.#now();
    }
    return this.#ns;
  }
}
