/**
 * The numbers that a trace gives to pools: 0 for the one from start-up, the next for each that becomes visible, never
 * again the same. Our pools are known by records that are used again.
 */
import { BOOT_POOL, NO_POOL } from '../../swiotlb/pools/pool-list.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import type { PoolFacts } from '../format/operation.js';

export class PoolOrdinals {
  readonly #swiotlb: Swiotlb;
  readonly #byPool = new Map<number, number>([[BOOT_POOL, 0]]);
  #next = 1;

  constructor(swiotlb: Swiotlb) {
    this.#swiotlb = swiotlb;
  }

  /** The number of a pool; -1 for `NO_POOL`. */
  of(pool: number): number {
    return pool === NO_POOL ? -1 : (this.#byPool.get(pool) ?? -1);
  }

  has(pool: number): boolean {
    return this.#byPool.has(pool);
  }

  /** The pool that has this number now, or null. */
  pool(ordinal: number): SlotPool | null {
    for (const [pool, known] of this.#byPool) if (known === ordinal) return this.slotPool(pool);
    return null;
  }

  slotPool(pool: number): SlotPool {
    return this.#swiotlb.pools?.list.pool(pool) ?? this.#swiotlb.pool;
  }

  /** A pool has become visible; what a trace says of it. */
  add(pool: number, isTransient: boolean): PoolFacts {
    const { start, slots, areas, areaSlots } = this.slotPool(pool);
    const ordinal = this.#next++;
    this.#byPool.set(pool, ordinal);
    return { p: ordinal, start, n: slots, na: areas.count, an: areaSlots, tr: isTransient ? 1 : 0 };
  }

  /** The pool is gone. */
  remove(pool: number): void {
    this.#byPool.delete(pool);
  }
}
