/**
 * Pauses of threads that run freely: each stands still between two of its steps until all do, the last one looks at
 * everything, and all go on. The machine ends in such a pause, so that nobody waits for one who has left.
 * Threads: each has its own object over the same words.
 */
import type { Arena } from '../../lib/smp/arena.js';

const WANTED = 0;
const ARRIVED = 1;
const EPOCH = 2;
const OVER = 3;
const PAUSES = 4;
const WORDS = 5;
/** From one look at whether the machine was given up to the next. */
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

  /** So far. */
  get count(): number {
    return Atomics.load(this.#words, PAUSES);
  }

  get isOver(): boolean {
    return Atomics.load(this.#words, OVER) !== 0;
  }

  /** This pause is the last one. For `look`. */
  end(): void {
    Atomics.store(this.#words, OVER, 1);
  }

  /** All are to stand still. */
  want(): void {
    Atomics.store(this.#words, WANTED, 1);
  }

  /** Between two steps. `look` is called by the last one to come, while nobody runs; `isGivenUp` ends the waiting. */
  pass(look: () => void, isGivenUp: () => boolean): void {
    const words = this.#words;
    if (Atomics.load(words, WANTED) === 0) return;
    const epoch = Atomics.load(words, EPOCH);
    if (Atomics.add(words, ARRIVED, 1) === this.#threads - 1) {
      look();
      Atomics.add(words, PAUSES, 1);
      Atomics.store(words, ARRIVED, 0);
      Atomics.store(words, WANTED, 0);
      Atomics.add(words, EPOCH, 1);
      Atomics.notify(words, EPOCH);
    }
    while (Atomics.load(words, EPOCH) === epoch && !isGivenUp()) Atomics.wait(words, EPOCH, epoch, WAIT_MS);
  }
}
