/**
 * Locks of the areas of a slot pool, which survive the thread that holds them: a lock word is 0, or the token of the
 * handle that holds it, and a waiter takes it over from a thread that has ended. It then has to repair what the lock
 * protects, since the thread may have stopped at any instruction.
 * Threads: any; each handle has an object of its own.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import { numberOf, type ThreadTable } from './thread-table.js';

const STRIDE = 32; // a cache line of its own for each area
const TURN = 1; // counts acquisitions, so that a waiter can tell a lock that moves from one that is stuck
const SPINS = 500;
const SLEEP_MS = 0.5;

/** How a lock was acquired: while it was free, or from a thread that has ended while it held it. */
export const TAKEN = 0;
export const TAKEN_OVER = 1;
export type Acquired = typeof TAKEN | typeof TAKEN_OVER;

export class AreaLocks {
  readonly #words: Int32Array;
  readonly #threads: ThreadTable;

  constructor(arena: Arena, count: number, threads: ThreadTable) {
    this.#words = arena.int32(count * STRIDE);
    this.#threads = threads;
  }

  /**
   * Acquires the lock of an area for the handle that has this token. After `TAKEN_OVER` the caller repairs the area.
   * Hot path: one compare-exchange when the lock is free.
   * @throws ERR_LOCK_STUCK when for `stallMs` milliseconds one acquisition of another thread has not ended
   */
  take(area: number, token: number, stallMs: number): Acquired {
    const at = area * STRIDE;
    if (Atomics.compareExchange(this.#words, at, 0, token) === 0) return this.#acquired(at, TAKEN);
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(this.#words, at) === 0 && Atomics.compareExchange(this.#words, at, 0, token) === 0)
        return this.#acquired(at, TAKEN);
    }
    return this.#wait(area, token, stallMs);
  }

  release(area: number): void {
    Atomics.store(this.#words, area * STRIDE, 0);
  }

  /** True if the lock is held by a thread that is certain to have ended. Cold if it is held. */
  isLeftBehind(area: number): boolean {
    const holder = Atomics.load(this.#words, area * STRIDE);
    return holder !== 0 && this.#threads.isGone(holder);
  }

  #wait(area: number, token: number, stallMs: number): Acquired {
    const words = this.#words;
    const at = area * STRIDE;
    let since = performance.now();
    let [seenHolder, seenTurn] = [0, 0];
    for (;;) {
      const holder = Atomics.load(words, at);
      const turn = Atomics.load(words, at + TURN);
      const isFree = holder === 0;
      if (isFree || holder === token || this.#threads.isGone(holder)) {
        const isMine = Atomics.compareExchange(words, at, holder, token) === holder;
        if (isMine) return this.#acquired(at, isFree ? TAKEN : TAKEN_OVER);
        continue;
      }
      const now = performance.now();
      if (holder !== seenHolder || turn !== seenTurn) {
        [seenHolder, seenTurn, since] = [holder, turn, now];
      } else if (now - since >= stallMs) {
        throw stuck(area, numberOf(holder), Math.round(now - since));
      }
      // There is no notification: the wait is a short sleep that ends at once if the word has changed.
      Atomics.wait(words, at, holder, SLEEP_MS);
    }
  }

  #acquired(at: number, how: Acquired): Acquired {
    this.#words[at + TURN] = (this.#words[at + TURN]! + 1) | 0;
    return how;
  }
}

function stuck(area: number, thread: number, waitedMs: number): CopytaxError {
  const message = `thread ${thread} has held the lock of area ${area} for ${waitedMs} ms`;
  const remedy = `call forget(${thread}) if that thread has ended; if it is only slow, try again or raise stallMs`;
  return new CopytaxError('ERR_LOCK_STUCK', `${message}: ${remedy}`, { thread, area, waitedMs, remedy });
}
