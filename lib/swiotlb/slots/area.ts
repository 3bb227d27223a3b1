/**
 * Areas: equal parts of a pool, each a lock domain with its own next-fit cursor.
 * Models: struct io_tlb_area. Everything but the lock word is written under the area's lock only.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { contentions, LOCK_WORDS, lock, unlock, waitedNs } from '../../smp/spin-lock.js';

// Local constants: docs/design/0008-constants-and-records.md.
const take = lock;
const drop = unlock;
const STRIDE = 32; // a line of its own, for each area is another CPU's
const USED = LOCK_WORDS;
const INDEX = USED + 1;

/** Lock contention of an area since the start. */
export interface AreaContention {
  /** Acquisitions of the lock that had to wait, and nanoseconds that they waited. */
  readonly waits: number;
  readonly waitNs: number;
}

export class Areas {
  readonly count: number;
  readonly #words: Int32Array;

  constructor(arena: Arena, count: number) {
    this.count = count;
    this.#words = arena.int32(count * STRIDE);
  }

  reset(): void {
    this.#words.fill(0);
  }

  lock(cpu: Cpu, area: number): void {
    take(cpu, this.#words, area * STRIDE);
  }

  unlock(area: number): void {
    drop(this.#words, area * STRIDE);
  }

  /** Allocated slots, padding included. Read without the lock it may be out of date. */
  used(area: number): number {
    return this.#words[area * STRIDE + USED]!;
  }

  /** Where the next search starts, relative to the area. */
  index(area: number): number {
    return this.#words[area * STRIDE + INDEX]!;
  }

  /** Of each area: who had to wait for its lock. Read without the locks it may be out of date. */
  contention(): AreaContention[] {
    const words = this.#words;
    const areas: AreaContention[] = [];
    for (let at = 0; at < words.length; at += STRIDE) {
      areas.push({ waits: contentions(words, at), waitNs: waitedNs(words, at) });
    }
    return areas;
  }

  /** Slots were taken, and the next search starts at `index`. */
  took(area: number, slots: number, index: number): void {
    const at = area * STRIDE + USED;
    this.#words[at] = this.#words[at]! + slots;
    this.#words[at + 1] = index;
  }

  addUsed(area: number, slots: number): void {
    const at = area * STRIDE + USED;
    this.#words[at] = this.#words[at]! + slots;
  }
}
