/**
 * Detects that the threads of a machine make no progress: counts what was done, how often each thread had to wait
 * since, and how many threads are in the middle of a step.
 * Threads: the words are shared; only the thread that has the turn accesses them.
 */
import { CopytaxError } from '../../lib/errors.js';

const WAITS = 0; // of all threads since the last progress
const IN_STEP = 1; // number of threads within a step
const DONE = 2; // times of progress since `hasProgressed` last returned true
const OWN_WAITS = 32; // of each thread since the last progress

/** The largest number of threads that can take turns. */
export const MAX_THREADS = 16;
/** Number of words that a detector takes. */
export const STALL_DETECTOR_WORDS = OWN_WAITS + MAX_THREADS;

/**
 * If no thread has made progress for 20,000 waits in all and 500 of each thread, the machine is declared stalled. That
 * is ten times the waits of a machine whose CPUs transmitted one after the other, all in the middle of a message (seed
 * 41692).
 */
const MAX_WAITS = 20_000;
const MAX_OWN_WAITS = 500;

export class StallDetector {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Number of waits of all threads since the last progress. */
  get waits(): number {
    return this.#words[WAITS]!;
  }

  /** A thread has made progress, so what others wait for may come. */
  progressed(): void {
    const words = this.#words;
    words[WAITS] = 0;
    words.fill(0, OWN_WAITS);
    words[DONE] = words[DONE]! + 1;
  }

  /**
   * A thread has to wait. `live` is the mask of the threads that still take turns.
   * @throws ERR_NO_PROGRESS when all of them have waited without progress for too long
   */
  waited(thread: number, live: number): void {
    const words = this.#words;
    words[WAITS] = words[WAITS]! + 1;
    words[OWN_WAITS + thread] = words[OWN_WAITS + thread]! + 1;
    if (words[WAITS]! <= MAX_WAITS) return;
    for (let other = 0; other < MAX_THREADS; other++) {
      // A thread with few waits may be in the middle of a step, and may have had few turns.
      if (live & (1 << other) && words[OWN_WAITS + other]! < MAX_OWN_WAITS) return;
    }
    throw new CopytaxError('ERR_NO_PROGRESS', `no CPU made progress during ${words[WAITS]} waits`);
  }

  /** Begins a step, which no check of all invariants should see half done. */
  enterStep(): void {
    this.#words[IN_STEP] = this.#words[IN_STEP]! + 1;
  }

  /** Ends a step. Returns true if no thread is within one now. */
  leaveStep(): boolean {
    const inside = this.#words[IN_STEP]! - 1;
    this.#words[IN_STEP] = inside;
    return inside === 0;
  }

  /** True if threads have made progress at least `times` times since this last returned true. */
  hasProgressed(times: number): boolean {
    if (this.#words[DONE]! < times) return false;
    this.#words[DONE] = 0;
    return true;
  }
}
