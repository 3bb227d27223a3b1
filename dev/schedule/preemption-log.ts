/**
 * Preemptions as they are written down while a machine is played, and as one CPU follows them when it is played again.
 * Threads: the log's words are shared, and only who has the turn adds to them; a `Replay` is of one thread.
 */
import type { Preemption } from './schedule.js';

const COUNT = 0;
const ENTRIES = 1;
const ENTRY = 3;
const CAPACITY = 1 << 16;
/** Words that a log takes. */
export const LOG_WORDS = ENTRIES + ENTRY * CAPACITY;

export class PreemptionLog {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  clear(): void {
    this.#words[COUNT] = 0;
  }

  /** What no longer fits is only counted. */
  add(cpu: number, point: number, next: number): void {
    const count = this.#words[COUNT]!;
    this.#words[COUNT] = count + 1;
    if (count >= CAPACITY) return;
    const at = ENTRIES + ENTRY * count;
    this.#words[at] = cpu;
    this.#words[at + 1] = point;
    this.#words[at + 2] = next;
  }

  /** In the order in which they happened; null when they were too many to write down. */
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

/** Those of a list that are one CPU's. */
export class Replay {
  readonly #own: readonly Preemption[];
  #at = 0;

  constructor(preemptions: readonly Preemption[], cpu: number) {
    this.#own = preemptions.filter((preemption) => preemption.cpu === cpu).sort((a, b) => a.point - b.point);
  }

  /** The CPU that goes on at this point, or -1. Points are asked for in ascending order. */
  nextAt(point: number): number {
    while (this.#at < this.#own.length && this.#own[this.#at]!.point < point) this.#at++;
    const preemption = this.#own[this.#at];
    return preemption?.point === point ? preemption.next : -1;
  }
}
