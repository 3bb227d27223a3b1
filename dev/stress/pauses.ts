/**
 * Pauses of threads that run freely: each thread stops between two of its steps until all have, the last one to arrive
 * checks everything, and all go on. The machine ends in such a pause, so that no thread waits for one that has left.
 * Threads: each has an object of its own over the same words.
 */
import type { Arena } from '../../lib/smp/arena.js';

const REQUESTED = 0;
const ARRIVED = 1;
const EPOCH = 2;
const OVER = 3;
const PAUSES = 4;
const WORDS = 5;
/** Interval of checks whether the machine was given up. */
const WAIT_MS = 50;

export class Pauses {
  readonly #words: Int32Array;
  readonly #threads: number;

  constructor(arena: Arena, threads: number) {
    this.#words = arena.int32(WORDS);
    this.#threads = threads;
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** Number of pauses so far. */
  get count(): number {
    return Atomics.load(this.#words, PAUSES);
  }

  get isOver(): boolean {
    return Atomics.load(this.#words, OVER) !== 0;
  }

  /** Makes this pause the last one. Called by `check`. */
  end(): void {
    Atomics.store(this.#words, OVER, 1);
  }

  /** Requests a pause of all threads. */
  request(): void {
    Atomics.store(this.#words, REQUESTED, 1);
  }

  /**
   * Called between two steps. The last thread to arrive calls `check`, while no other runs; `isGivenUp` ends the
   * waiting.
   */
  pass(check: () => void, isGivenUp: () => boolean): void {
    const words = this.#words;
    if (Atomics.load(words, REQUESTED) === 0) return;
    const epoch = Atomics.load(words, EPOCH);
    if (Atomics.add(words, ARRIVED, 1) === this.#threads - 1) {
      check();
      Atomics.add(words, PAUSES, 1);
      Atomics.store(words, ARRIVED, 0);
      Atomics.store(words, REQUESTED, 0);
      Atomics.add(words, EPOCH, 1);
      Atomics.notify(words, EPOCH);
    }
    while (Atomics.load(words, EPOCH) === epoch && !isGivenUp()) Atomics.wait(words, EPOCH, epoch, WAIT_MS);
  }
}
