/**
 * The threads that use a slot pool together. Each handle of a thread has a number, and a token that no other handle
 * ever has, so that a lock word that holds a token names its holder even when the number has been given on.
 * That a thread has ended is told by Linux: `/proc/self/task` lists the threads of this process, and each handle
 * registers under which number its thread is listed there. Where that cannot be read, no thread is taken for ended
 * until `remove` says so. A listed number of a thread that ended may come back for a new one; then the dead thread is
 * taken for alive, never the other way round.
 * Threads: any; each handle has an object of its own.
 */
import { readlinkSync, statSync } from 'node:fs';
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';

const NUMBER_BITS = 10;
/** The most handles that can be attached at a time. */
export const MAX_THREADS = (1 << NUMBER_BITS) - 1;

const LAST_GENERATION = 2 ** (31 - NUMBER_BITS) - 1;
const HEADER = 1; // how many handles have ever joined
const WORDS = 2;
const TOKEN = 0;
const LISTED = 1;
const UNUSED = 0;
const UNLISTED = -1;
const LOOK_MS = 1;

export class ThreadTable {
  readonly count: number;
  readonly #words: Int32Array;
  /** The number of this thread in `/proc/self/task`, or `UNLISTED`. */
  #listed = UNLISTED;

  constructor(arena: Arena, count: number) {
    this.count = count;
    this.#words = arena.int32(HEADER + count * WORDS);
  }

  /**
   * Takes a number for a handle of this thread: a free one, or else that of a thread that is known to have ended.
   * Returns the token.
   * @throws ERR_OUT_OF_RANGE when there is none
   */
  join(): number {
    this.#listed = listedNumber();
    for (let thread = 0; thread < this.count; thread++) {
      if (this.#replace(thread, UNUSED)) return this.#begin(thread);
    }
    for (let thread = 0; thread < this.count; thread++) {
      const listed = Atomics.load(this.#words, at(thread) + LISTED);
      if (stateOf(listed) === 'ended' && this.#replace(thread, listed)) return this.#begin(thread);
    }
    const message = `all ${this.count} thread numbers of the slot pool are taken`;
    const remedy =
      'create it with more `threads`, close handles that are not used, or forget() threads that have ended';
    throw new CopytaxError('ERR_OUT_OF_RANGE', message, { threads: this.count, remedy });
  }

  /** Gives the number of a handle of this thread back. Does nothing if another thread has removed it. */
  leave(token: number): void {
    const word = at(numberOf(token));
    if (Atomics.compareExchange(this.#words, word + TOKEN, token, UNUSED) !== token) return;
    Atomics.compareExchange(this.#words, word + LISTED, this.#listed, UNUSED);
  }

  /** Makes a number free, also that of another thread: locks that its handle holds count as left behind from now on. */
  remove(thread: number): void {
    const word = at(thread);
    const listed = Atomics.load(this.#words, word + LISTED);
    Atomics.store(this.#words, word + TOKEN, UNUSED);
    Atomics.compareExchange(this.#words, word + LISTED, listed, UNUSED);
  }

  /** The token of the handle that has this number; 0 if none does. */
  tokenOf(thread: number): number {
    return Atomics.load(this.#words, at(thread) + TOKEN);
  }

  /** True while the number of this handle has not been given to another. Plain read: asked at every call. */
  isPresent(token: number): boolean {
    return this.#words[at(numberOf(token)) + TOKEN] === token;
  }

  /** True if no thread will go on with what the handle has begun: certain, or else false. Reads /proc: cold. */
  isGone(token: number): boolean {
    const word = at(numberOf(token));
    const listed = Atomics.load(this.#words, word + LISTED);
    if (Atomics.load(this.#words, word + TOKEN) !== token) return true;
    return this.#isHere(listed) || stateOf(listed) === 'ended';
  }

  /**
   * Waits until the thread with this number has ended, at most `ms`. Returns whether it may be removed: false if it is
   * known to be alive.
   */
  awaitEnd(thread: number, ms: number): boolean {
    const word = at(thread) + LISTED;
    const begin = performance.now();
    for (;;) {
      const listed = Atomics.load(this.#words, word);
      if (this.#isHere(listed) || stateOf(listed) !== 'alive') return true;
      if (performance.now() - begin >= ms) return false;
      Atomics.wait(this.#words, word, listed, LOOK_MS);
    }
  }

  /** True for a handle of this very thread, which cannot be in the midst of anything while another call runs. */
  #isHere(listed: number): boolean {
    return listed === this.#listed && listed !== UNLISTED;
  }

  #replace(thread: number, listed: number): boolean {
    return Atomics.compareExchange(this.#words, at(thread) + LISTED, listed, this.#listed) === listed;
  }

  #begin(thread: number): number {
    const generation = Atomics.add(this.#words, 0, 1) & LAST_GENERATION;
    const token = (generation << NUMBER_BITS) | (thread + 1);
    Atomics.store(this.#words, at(thread) + TOKEN, token);
    return token;
  }
}

/** The number of the handle that has this token. */
export function numberOf(token: number): number {
  return (token & MAX_THREADS) - 1;
}

function at(thread: number): number {
  return HEADER + thread * WORDS;
}

/** The number of the calling thread in `/proc/self/task`: a link that Linux resolves for the thread that reads it. */
function listedNumber(): number {
  try {
    const number = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    return Number.isInteger(number) && number > 0 && isListed(number) ? number : UNLISTED;
  } catch {
    return UNLISTED;
  }
}

/** @throws an error of the system where Linux or Node refuse to tell */
function isListed(listed: number): boolean {
  return statSync(`/proc/self/task/${listed}`, { throwIfNoEntry: false }) !== undefined;
}

function stateOf(listed: number): 'alive' | 'ended' | 'unknown' {
  if (listed === UNUSED || listed === UNLISTED) return 'unknown';
  try {
    if (isListed(listed)) return 'alive';
    // Where /proc is hidden no thread is listed, this one neither.
    return statSync('/proc/thread-self', { throwIfNoEntry: false }) === undefined ? 'unknown' : 'ended';
  } catch {
    return 'unknown';
  }
}
