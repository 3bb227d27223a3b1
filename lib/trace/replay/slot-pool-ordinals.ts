/**
 * The numbers that a trace gives to slot pools: 0 for the boot pool, the next for each one that becomes visible, and
 * none twice. Our allocator identifies slot pools by records that are used again. See docs/spec/traces.md#slot-pools.
 */
import { BOOT_POOL, NO_SLOT_POOL } from '../../swiotlb/pools/slot-pool-list.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import type { SlotPoolFacts } from '../format/operation.js';

export class SlotPoolOrdinals {
  readonly #swiotlb: Swiotlb;
  readonly #byPool = new Map<number, number>([[BOOT_POOL, 0]]);
  #next = 1;

  constructor(swiotlb: Swiotlb) {
    this.#swiotlb = swiotlb;
  }

  /** The ordinal of a slot pool; -1 for `NO_SLOT_POOL`. */
  of(pool: number): number {
    return pool === NO_SLOT_POOL ? -1 : (this.#byPool.get(pool) ?? -1);
  }

  has(pool: number): boolean {
    return this.#byPool.has(pool);
  }

  /** The slot pool that has this ordinal now, or null. */
  pool(ordinal: number): SlotPool | null {
    for (const [pool, known] of this.#byPool) if (known === ordinal) return this.slotPool(pool);
    return null;
  }

  slotPool(pool: number): SlotPool {
    return this.#swiotlb.pools?.list.pool(pool) ?? this.#swiotlb.pool;
  }

  /** Numbers a slot pool that has become visible. Returns what a trace says of it. */
  add(pool: number, isTransient: boolean): SlotPoolFacts {
    const { start, slots, areas, areaSlots } = this.slotPool(pool);
    const ordinal = this.#next++;
    this.#byPool.set(pool, ordinal);
    return { p: ordinal, start, n: slots, na: areas.count, an: areaSlots, tr: isTransient ? 1 : 0 };
  }

  /** Forgets a slot pool that was removed. */
  remove(pool: number): void {
    this.#byPool.delete(pool);
  }
}
