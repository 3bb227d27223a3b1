/**
 * What a page pool counts: where pages came from, and what became of those that were returned.
 * Models: struct page_pool_alloc_stats and page_pool_recycle_stats: docs/spec/tx-path.md#page-pool-mechanics.
 * Threads: the first six are written by the CPU that allocates; the others have a row for each CPU, which only it
 * writes. Any thread may read them; sums are exact when no CPU is at work.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';

/**
 * Allocations: from the cache; by new single pages; by a new block; that found the ring empty; from the ring; and pages
 * of the ring that were let go, since they are of another node.
 */
const ALLOCATIONS = { fast: 0, slow: 1, slowHighOrder: 2, empty: 3, refill: 4, waive: 5 } as const;
/**
 * Returns: into the cache; when it was full; into the ring; when that was full; and pages that were let go, since they
 * have other references.
 */
const RETURNS = { cached: 0, cacheFull: 1, ring: 2, ringFull: 3, releasedRefcnt: 4 } as const;
const ROW = Arena.recordOfLines({ counts: 5 }).stride;

export type AllocationCounter = keyof typeof ALLOCATIONS;
export type ReturnCounter = keyof typeof RETURNS;
export type PagePoolCounter = AllocationCounter | ReturnCounter;
export const PAGE_POOL_COUNTERS = [...Object.keys(ALLOCATIONS), ...Object.keys(RETURNS)] as PagePoolCounter[];

export class PagePoolCounters {
  readonly #allocations: Float64Array;
  readonly #returns: Int32Array;

  constructor(arena: Arena, cpus: number) {
    this.#allocations = arena.float64(Object.keys(ALLOCATIONS).length);
    this.#returns = arena.int32(cpus * ROW);
  }

  reset(): void {
    this.#allocations.fill(0);
    this.#returns.fill(0);
  }

  countAllocation(name: AllocationCounter): void {
    this.#allocations[ALLOCATIONS[name]]!++;
  }

  countReturn(cpu: Cpu, name: ReturnCounter, count = 1): void {
    this.#returns[cpu.id * ROW + RETURNS[name]]! += count;
  }

  valueOf(name: PagePoolCounter): number {
    if (name in ALLOCATIONS) return this.#allocations[ALLOCATIONS[name as AllocationCounter]]!;
    let sum = 0;
    for (let at = RETURNS[name as ReturnCounter]; at < this.#returns.length; at += ROW) sum += this.#returns[at]!;
    return sum;
  }
}
