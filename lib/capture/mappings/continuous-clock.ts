/**
 * The time of a trace, made continuous: where it was started again, or several are in one file, the parts follow each
 * other. Owner: one reader.
 */

/** Times of CPUs that are written one after the other may differ by so little; what goes back by more begins again. */
const SMALLEST_RESTART_NS = 10e6;

export class ContinuousClock {
  #offsetNs = 0;
  #lastNs = Number.NEGATIVE_INFINITY;
  /** How often times began again. */
  restarts = 0;

  /** Returns the time of the next event from the beginning of the first part on, in the order of the lines. */
  continued(timeNs: number): number {
    const now = timeNs + this.#offsetNs;
    if (now >= this.#lastNs - SMALLEST_RESTART_NS) {
      this.#lastNs = Math.max(this.#lastNs, now);
      return now;
    }
    this.restarts++;
    this.#offsetNs = this.#lastNs - timeNs;
    return this.#lastNs;
  }
}
