/**
 * How often a queue may interrupt: after an interrupt, no other one for a while, whatever the device does meanwhile.
 * Models: interrupt throttling, as by the register ITR of the Intel 8254x, which the driver e1000 of Linux sets by its
 * parameter InterruptThrottleRate. Causes that arise meanwhile are latched, and one interrupt delivers all of them.
 * Deviation: each queue has an interval of its own, as with a vector for each; the 8254x has one interrupt.
 * Owner: the thread of the CPU that takes the interrupts.
 */
export class InterruptThrottle {
  readonly #intervalNs: number;
  /** By queue: when it may interrupt again. */
  readonly #openAt: Float64Array;
  /** Mask of the queues whose interrupt waits. */
  #latched = 0;

  /** `intervalNs`: from an interrupt of a queue to its next one, at least; 0: none waits. */
  constructor(intervalNs: number, queues: number) {
    this.#intervalNs = intervalNs;
    this.#openAt = new Float64Array(queues);
  }

  /** True if no interrupt ever waits. */
  get isOff(): boolean {
    return this.#intervalNs === 0;
  }

  /** True if `deliver` would return an interrupt that waits. */
  isDue(now: number): boolean {
    return (this.#latched & this.openQueues(now, false)) !== 0;
  }

  /** Returns the mask of the queues that may interrupt at `now`; all of them with `flush`. */
  openQueues(now: number, flush: boolean): number {
    if (flush || this.isOff) return -1;
    let mask = 0;
    for (let queue = 0; queue < this.#openAt.length; queue++) if (now >= this.#openAt[queue]!) mask |= 1 << queue;
    return mask;
  }

  /**
   * Takes the queues of the mask `causes`, which want to interrupt. Returns the mask of those that do at `now`,
   * together with those that had to wait until then. The others are latched. Hot path.
   */
  deliver(causes: number, now: number, flush: boolean): number {
    if (this.isOff) return causes;
    const wanted = causes | this.#latched;
    if (wanted === 0) return 0;
    const delivered = wanted & this.openQueues(now, flush);
    this.#latched = wanted & ~delivered;
    this.close(delivered, now);
    return delivered;
  }

  /** Notes that the queues of the mask interrupt at `now`. */
  close(mask: number, now: number): void {
    for (let queue = 0; queue < this.#openAt.length; queue++) {
      if (mask & (1 << queue)) this.#openAt[queue] = now + this.#intervalNs;
    }
  }

  /** Has the poll of a queue continue, which takes no interrupt: what it left is delivered at once. */
  reopen(queue: number): void {
    this.#openAt[queue] = 0;
  }
}
