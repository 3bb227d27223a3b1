/**
 * Whether the CPUs of a machine get anywhere: what was done, how often each had to wait since, and who is in the middle
 * of a step. Threads: the words are shared, and only who has the turn touches them.
 */
import { CopytaxError } from '../../lib/errors.js';

const WAITS = 0; // since something was last done
const IN_STEP = 1;
const DONE = 2; // since somebody last asked whether enough was
const OWN_WAITS = 32; // of each thread, since something was last done

/** That may take turns. */
export const MAX_THREADS = 16;
/** Words that it takes. */
export const HEADWAY_WORDS = OWN_WAITS + MAX_THREADS;

/**
 * Nobody has done anything for so many waits, and for so many of each thread: nobody ever will. Ten times what a machine
 * needed whose CPUs transmitted one after the other, all in the middle of a message (seed 41692).
 */
const MOST_WAITS = 20_000;
const MOST_OWN_WAITS = 500;

export class Headway {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Waits since something was last done. */
  get waits(): number {
    return this.#words[WAITS]!;
  }

  /** Something was done, so that waiting may make sense. */
  done(): void {
    const words = this.#words;
    words[WAITS] = 0;
    words.fill(0, OWN_WAITS);
    words[DONE] = words[DONE]! + 1;
  }

  /** A thread has to wait. `live`: those that still take turns. ERR_STALLED when they all have waited in vain. */
  waited(thread: number, live: number): void {
    const words = this.#words;
    words[WAITS] = words[WAITS]! + 1;
    words[OWN_WAITS + thread] = words[OWN_WAITS + thread]! + 1;
    if (words[WAITS]! <= MOST_WAITS) return;
    for (let other = 0; other < MAX_THREADS; other++) {
      // One that has not may be in the middle of something, and have had few turns.
      if (live & (1 << other) && words[OWN_WAITS + other]! < MOST_OWN_WAITS) return;
    }
    throw new CopytaxError('ERR_STALLED', `no CPU has got anywhere for ${words[WAITS]} waits`);
  }

  /** Begins and ends what should be seen as one thing; `leaveStep` answers whether nobody is within one. */
  enterStep(): void {
    this.#words[IN_STEP] = this.#words[IN_STEP]! + 1;
  }

  leaveStep(): boolean {
    const inside = this.#words[IN_STEP]! - 1;
    this.#words[IN_STEP] = inside;
    return inside === 0;
  }

  /** Have `least` things been done since this last said so? */
  hasChanged(least: number): boolean {
    if (this.#words[DONE]! < least) return false;
    this.#words[DONE] = 0;
    return true;
  }
}
