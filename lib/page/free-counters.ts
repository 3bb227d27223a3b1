/**
 * Counters of bounce pages: how many were allocated, how many were refused, and how they were freed.
 * Models: the eight debug counters of the 2026 patch: docs/spec/tx-path.md#debug-counters. Each free adds to one of
 * them: counter 0, +1 if the page knew its device, +2 if a slot pool of that device holds it, +4 if it was one of a
 * batch. In a healthy machine only 3 and 7 grow, and their sum is the number of blocks freed; 2 and 6 cannot grow,
 * since without a device no slot pool is looked for.
 * Deviation: every CPU counts for itself, so that no count is lost. Allocations are counted too, and so are the
 * requests that found no page, after which the caller takes ordinary pages.
 * Threads: the counts of a CPU belong to its thread; sums are exact when no CPU is at work.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';

export const FREE_COUNTERS = 8;
const DEVICE = 1;
const POOL = 2;
const BATCHED = 4;

const ALLOCATED = FREE_COUNTERS;
const OVER_LIMIT = 9;
const WITHOUT_BLOCK = 10;
const STRIDE = 16; // doubles: two lines for each CPU

/** Index of the counter of a free. */
export function freeCounter(hasDevice: boolean, hasPool: boolean, batched: boolean): number {
  return (hasDevice ? DEVICE : 0) + (hasPool ? POOL : 0) + (batched ? BATCHED : 0);
}

/** Counters of normal frees: the page has a device, and a slot pool holds it. */
const FREED = freeCounter(true, true, false);
const FREED_BATCHED = freeCounter(true, true, true);

/** Counters of bounce pages: allocated, refused, and how they were freed. A CPU counts for itself; any thread sums. */
export class FreeCounters {
  readonly #counts: Float64Array;

  constructor(arena: Arena, cpus: number) {
    this.#counts = arena.float64(cpus * STRIDE);
  }

  /** Sets all to 0. One thread, before any other counts. */
  reset(): void {
    this.#counts.fill(0);
  }

  /** Counts an allocation. */
  countAlloc(cpu: Cpu): void {
    const at = cpu.id * STRIDE + ALLOCATED;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Counts a request that was refused because pages have reached their limit. */
  countOverLimit(cpu: Cpu): void {
    const at = cpu.id * STRIDE + OVER_LIMIT;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Counts a request for which the slot pool has no run of free slots that is long enough and aligned. */
  countWithoutBlock(cpu: Cpu): void {
    const at = cpu.id * STRIDE + WITHOUT_BLOCK;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Counts a normal free. */
  countFreed(cpu: Cpu, batched: boolean): void {
    const at = cpu.id * STRIDE + (batched ? FREED_BATCHED : FREED);
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Counts a free in the counter of this index. */
  countFree(cpu: Cpu, index: number): void {
    const at = cpu.id * STRIDE + index;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Blocks that were allocated. */
  get allocated(): number {
    return this.#sum(ALLOCATED);
  }

  /** Requests that were refused because pages had reached their limit. */
  get overLimit(): number {
    return this.#sum(OVER_LIMIT);
  }

  /** Requests for which the slot pool had no block. */
  get withoutBlock(): number {
    return this.#sum(WITHOUT_BLOCK);
  }

  /** Blocks that were freed normally. */
  get freed(): number {
    return this.of(FREED) + this.of(FREED_BATCHED);
  }

  /** Value of counter 0..7. */
  of(index: number): number {
    return this.#sum(index);
  }

  /** Resets counter 0..7, as a user may. No CPU may be freeing pages. */
  zero(index: number): void {
    for (let at = index; at < this.#counts.length; at += STRIDE) this.#counts[at] = 0;
  }

  #sum(column: number): number {
    let sum = 0;
    for (let at = column; at < this.#counts.length; at += STRIDE) sum += this.#counts[at]!;
    return sum;
  }
}
