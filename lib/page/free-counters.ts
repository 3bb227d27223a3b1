/**
 * How many bounce pages were allocated, how many were refused, and how they were freed.
 * Models: the eight debug counters of the 2026 patch; the transmit path's specification, section 2.11. Each free is
 * counted in one of them: +1 if the page knew its device, +2 if a pool of that device holds it, +4 if it was one of a
 * batch. On a machine in good health only 3 and 7 grow, and together they are the blocks that were freed; 2 and 6 cannot,
 * for without a device nobody looks for a pool. Deviation: every CPU counts for itself, so that none is lost, and
 * allocations are counted too,
 * and the pages that were asked for in vain: whoever asks takes ordinary ones then and says nothing.
 * Threads: a CPU's counts belong to its thread; sums are exact when no CPU is at work.
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

/** Counters of frees as they should be. */
const FREED = freeCounter(true, true, false);
const FREED_BATCHED = freeCounter(true, true, true);

export class FreeCounters {
  readonly #counts: Float64Array;

  constructor(arena: Arena, cpus: number) {
    this.#counts = arena.float64(cpus * STRIDE);
  }

  reset(): void {
    this.#counts.fill(0);
  }

  countAlloc(cpu: Cpu): void {
    const at = cpu.id * STRIDE + ALLOCATED;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Pages have their share of the pool already. */
  countOverLimit(cpu: Cpu): void {
    const at = cpu.id * STRIDE + OVER_LIMIT;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** The pool has no run of free slots that is long enough and aligned. */
  countWithoutBlock(cpu: Cpu): void {
    const at = cpu.id * STRIDE + WITHOUT_BLOCK;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** A free as it should be. */
  countFreed(cpu: Cpu, batched: boolean): void {
    const at = cpu.id * STRIDE + (batched ? FREED_BATCHED : FREED);
    this.#counts[at] = this.#counts[at]! + 1;
  }

  countFree(cpu: Cpu, index: number): void {
    const at = cpu.id * STRIDE + index;
    this.#counts[at] = this.#counts[at]! + 1;
  }

  /** Blocks that were allocated. */
  get allocated(): number {
    return this.#sum(ALLOCATED);
  }

  /** Blocks that were refused, by reason. */
  get overLimit(): number {
    return this.#sum(OVER_LIMIT);
  }

  get withoutBlock(): number {
    return this.#sum(WITHOUT_BLOCK);
  }

  /** Blocks that were freed as they should be. */
  get freed(): number {
    return this.of(FREED) + this.of(FREED_BATCHED);
  }

  /** Counter 0..7. */
  of(index: number): number {
    return this.#sum(index);
  }

  /** What a user may write to counter 0..7. Nobody may be freeing. */
  zero(index: number): void {
    for (let at = index; at < this.#counts.length; at += STRIDE) this.#counts[at] = 0;
  }

  #sum(column: number): number {
    let sum = 0;
    for (let at = column; at < this.#counts.length; at += STRIDE) sum += this.#counts[at]!;
    return sum;
  }
}
