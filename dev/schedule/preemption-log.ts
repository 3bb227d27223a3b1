/**
 * Preemptions as they are recorded while a machine runs, and as one CPU follows them in a replay.
 * Threads: the log's words are shared, and only the thread that has the turn writes them; a `Replay` belongs to one
 * thread.
 */
import type { Preemption } from './schedule.js';

const COUNT = 0;
const ENTRIES = 1;
const ENTRY = 3;
const CAPACITY = 1 << 16;
/** Number of words that a log takes. */
export const LOG_WORDS = ENTRIES + ENTRY * CAPACITY;

export class PreemptionLog {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  clear(): void {
    this.#words[COUNT] = 0;
  }

  /** Appends an entry. Beyond the capacity, entries are counted and not stored. */
  add(cpu: number, point: number, next: number): void {
    const count = this.#words[COUNT]!;
    this.#words[COUNT] = count + 1;
    if (count >= CAPACITY) return;
    const at = ENTRIES + ENTRY * count;
    this.#words[at] = cpu;
    this.#words[at + 1] = point;
    this.#words[at + 2] = next;
  }

  /** The preemptions in the order in which they happened, or null if there were more than the log can hold. */
  all(): readonly Preemption[] | null {
    const words = this.#words;
    const count = words[COUNT]!;
    if (count > CAPACITY) return null;
    return Array.from({ length: count }, (_, index) => {
      const at = ENTRIES + ENTRY * index;
      return { cpu: words[at]!, point: words[at + 1]!, next: words[at + 2]! };
    });
  }
}

/** Replays the preemptions of one CPU, taken from the list of all CPUs. */
export class Replay {
  readonly #own: readonly Preemption[];
  #at = 0;

  constructor(preemptions: readonly Preemption[], cpu: number) {
    this.#own = preemptions.filter((preemption) => preemption.cpu === cpu).sort((a, b) => a.point - b.point);
  }

  /** Returns the CPU that runs from this point on, or -1 for no change. Call it with points in ascending order. */
  nextAt(point: number): number {
    while (this.#at < this.#own.length && this.#own[this.#at]!.point < point) this.#at++;
    const preemption = this.#own[this.#at];
    return preemption?.point === point ? preemption.next : -1;
  }
}
