/**
 * Detects that a device has completed nothing for a while although it had work.
 * Models: the stall detection of dynamic queue limits (lib/dynamic_queue_limits.c). A history has a bit for each of the
 * last 256 jiffies in which something was queued, in four blocks of 64. A completion that comes at least a threshold
 * after the last one looks for the first such jiffy since then, up to half a threshold ago: what was queued later has
 * not waited long enough to tell.
 * Threads: `queued` under the TX lock; `completed` by the softirq poll. Only the poll reads what it writes itself.
 */
import { within } from '../limits.js';
import { Arena } from '../smp/arena.js';

const BLOCK_JIFFIES = 64;
const BLOCKS = 4;
const WORD_JIFFIES = 32;
const HISTORY_JIFFIES = BLOCKS * BLOCK_JIFFIES;

const TRANSMITTER = Arena.record({
  latest: 'i32', // the block in which something was queued last, modulo 2^32
  threshold: 'i32', // read by both
  history: HISTORY_JIFFIES / WORD_JIFFIES,
});
const { latest: LATEST, threshold: THRESHOLD, history: HISTORY } = TRANSMITTER.at;
const CLEANER = Arena.record({ stalls: 'i32', longest: 'i32', lastSeen: 'f64' });
const { stalls: STALLS, longest: LONGEST, lastSeen: LAST_SEEN } = CLEANER.at;

const blockOf = (jiffies: number) => Math.floor(jiffies / BLOCK_JIFFIES);

export class StallWatch {
  readonly #transmitter: Int32Array;
  readonly #cleaner: Int32Array;
  readonly #doubles: Float64Array;

  constructor(arena: Arena) {
    this.#transmitter = arena.int32(TRANSMITTER.stride);
    this.#cleaner = arena.int32(CLEANER.stride);
    this.#doubles = Arena.doublesOf(this.#cleaner);
  }

  /** Counts no stalls, and detects none until it has a threshold. */
  reset(now: number): void {
    this.#transmitter.fill(0);
    this.#cleaner.fill(0);
    this.restart(now);
  }

  /** Forgets what was queued. Threshold and counts stay. */
  restart(now: number): void {
    this.#transmitter.fill(0, HISTORY, HISTORY + HISTORY_JIFFIES / WORD_JIFFIES);
    this.#transmitter[LATEST] = blockOf(now) | 0;
    this.#doubles[LAST_SEEN] = now;
  }

  /**
   * Sets the jiffies without a completion that are a stall; 0 turns detection off.
   * @throws ERR_OUT_OF_RANGE for what does not fit into 16 bits
   */
  detectAfter(jiffies: number): void {
    within('threshold of a stall', jiffies, 0, 0xffff);
    Atomics.store(this.#transmitter, THRESHOLD, jiffies);
  }

  get stalls(): number {
    return this.#cleaner[STALLS]!;
  }

  /** The longest stall in jiffies, modulo 2^16. */
  get longest(): number {
    return this.#cleaner[LONGEST]!;
  }

  /** Enters that something was queued in this jiffy. */
  queued(now: number): void {
    const words = this.#transmitter;
    if (words[THRESHOLD] === 0) return;
    const block = blockOf(now);
    const passed = Math.min((block - words[LATEST]!) >>> 0, BLOCKS);
    for (let ago = 0; ago < passed; ago++) {
      for (let word = 0; word < BLOCK_JIFFIES / WORD_JIFFIES; word++) {
        Atomics.store(words, wordOf((block - ago) * BLOCK_JIFFIES + word * WORD_JIFFIES), 0);
      }
    }
    if (passed > 0) Atomics.store(words, LATEST, block | 0);
    Atomics.or(words, wordOf(now), 1 << (now % WORD_JIFFIES));
  }

  /** Enters that something was completed, and counts a stall if it came late. */
  completed(now: number): void {
    const threshold = Atomics.load(this.#transmitter, THRESHOLD);
    if (threshold === 0) return;
    if (now >= this.#doubles[LAST_SEEN]! + threshold) this.#look(now, threshold);
    this.#doubles[LAST_SEEN] = now;
  }

  #look(now: number, threshold: number): void {
    for (;;) {
      const latest = Atomics.load(this.#transmitter, LATEST);
      const since = this.#firstQueued(latest, now, threshold);
      if (since < 0) return;
      if (latest !== Atomics.load(this.#transmitter, LATEST)) continue; // the history moved on meanwhile
      this.#cleaner[STALLS] = this.#cleaner[STALLS]! + 1;
      this.#cleaner[LONGEST] = Math.max(this.#cleaner[LONGEST]!, (now - since) & 0xffff);
      return;
    }
  }

  /** The first jiffy whose queued objects have waited for too long, or -1. */
  #firstQueued(latest: number, now: number, threshold: number): number {
    const block = blockOf(now) - ((blockOf(now) - latest) | 0);
    const oldest = (block - BLOCKS + 1) * BLOCK_JIFFIES;
    const begin = Math.max(oldest, this.#doubles[LAST_SEEN]! + 1);
    const newest = block * BLOCK_JIFFIES + BLOCK_JIFFIES - 1;
    const half = Math.floor(threshold / 2);
    const end = Math.min(newest, now - half);
    for (let jiffy = begin; jiffy <= end; jiffy++) {
      if ((Atomics.load(this.#transmitter, wordOf(jiffy)) & (1 << (jiffy % WORD_JIFFIES))) !== 0) return jiffy;
    }
    return -1;
  }
}

/** The word of the history that has the bit of a jiffy. */
function wordOf(jiffy: number): number {
  return HISTORY + Math.floor((jiffy % HISTORY_JIFFIES) / WORD_JIFFIES);
}
