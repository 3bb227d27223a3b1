/** Waits until steps of a capture are due, so that they come at the pace at which they were recorded. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Step } from './replay-driver.js';

/** Waiting for less costs more than it is worth: timers of Linux and of Node are not finer. */
const SHORTEST_WAIT_MS = 2;
const NS_PER_MS = 1e6;

/** Owner: one replay. */
export class Pacer {
  readonly #signal: AbortSignal | undefined;
  #startMs = 0;
  #startNs: number | null = null;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Returns the steps in portions, each when its last step is due. Rejects with the reason of the signal. */
  async *portions(steps: readonly Step[]): AsyncGenerator<readonly Step[]> {
    let from = 0;
    for (const [at, { timeNs }] of steps.entries()) {
      if (this.#startNs === null) {
        this.#startNs = timeNs;
        this.#startMs = performance.now();
      }
      const dueMs = this.#startMs + (timeNs - this.#startNs) / NS_PER_MS;
      const leftMs = dueMs - performance.now();
      if (leftMs < SHORTEST_WAIT_MS) continue;
      if (at > from) yield steps.slice(from, at);
      from = at;
      await this.#wait(leftMs);
    }
    if (from < steps.length) yield steps.slice(from);
  }

  async #wait(ms: number): Promise<void> {
    try {
      await wait(ms, undefined, this.#signal ? { signal: this.#signal } : {});
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error;
    }
  }
}
