/**
 * The search of an area for devices that need low address bits kept, or boundaries not crossed.
 * Models: swiotlb_search_pool_area (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#search-one-area-of-one-slot-pool.
 * Threads: the caller holds the area's lock. Hot path: a search writes what it looks for into fields, so that nothing
 * is allocated and the functions need few parameters.
 */
import { low31, SLOT_SHIFT, SLOT_SIZE } from '../../units.js';
import type { Areas } from './area.js';
import type { DmaConstraints } from './constraints.js';
import { NO_RUN } from './free-runs.js';
import type { SlotTable } from './slot-table.js';

/** What a search needs of a slot pool. */
export interface SearchedSlotPool {
  readonly areas: Areas;
  readonly table: SlotTable;
  readonly areaSlots: number;
  /** Physical address of the first slot. */
  readonly start: number;
}

/** Owner: the thread whose object over the slot pool has it. */
export class ConstrainedSearch {
  readonly #areas: Areas;
  readonly #table: SlotTable;
  readonly #areaSlots: number;
  /** The slot pool's first address in units of slots. */
  readonly #startSlot: number;

  // Of the current search, all in slots:
  #wanted = 0;
  /** Distance from one candidate to the next. */
  #stride = 1;
  /** Distance from one boundary to the next; 0 = there are none. */
  #boundary = 0;
  /** The first slot of the slot pool, counted from a boundary if there is one. */
  #start = 0;

  constructor({ areas, table, areaSlots, start }: SearchedSlotPool) {
    this.#areas = areas;
    this.#table = table;
    this.#areaSlots = areaSlots;
    this.#startSlot = start / SLOT_SIZE;
  }

  /**
   * Searches next-fit, as `SlotPool.search` does. Returns the first slot of a run of `wanted` slots, or `NO_RUN`.
   * @param align 2^n - 1 that the address must clear
   */
  find(area: number, device: DmaConstraints, origin: number, wanted: number, align: number): number {
    const isBounded = device.segmentBoundaryMask !== Infinity;
    this.#wanted = wanted;
    this.#boundary = isBounded ? Math.floor(device.segmentBoundaryMask / SLOT_SIZE) + 1 : 0;
    this.#start = isBounded ? remainder(this.#startSlot, this.#boundary) : this.#startSlot;
    // Masks and addresses in units of slots, of which the low 31 bits are all that any mask can reach.
    const kept = device.minAlignMask & ~align;
    const keptSlots = origin === 0 ? 0 : kept >>> SLOT_SHIFT;
    const mask = (align >>> SLOT_SHIFT) | keptSlots;
    const low = keptSlots === 0 ? 0 : low31(Math.floor(origin / SLOT_SIZE)) & keptSlots;
    const stride = (Math.max(align, kept) >>> SLOT_SHIFT) + 1;
    this.#stride = stride;
    // With a mask that has gaps, the slot a stride after a suitable one is not suitable itself.
    if ((stride & (stride - 1)) !== 0) return this.#findOneByOne(area, mask, low);
    const base = area * this.#areaSlots;
    const index = this.#areas.index(area);
    const address = low31(this.#start + base);
    const end = base + this.#areaSlots;
    const first = base + index + ((low - address - index) & mask);
    const slot = this.#fit(first, end);
    if (slot !== NO_RUN) return slot;
    // Again from the start of the area: up to the cursor, less the overshoot, which counts as searched.
    const over = first < end ? (first - end) & (stride - 1) : 0;
    return this.#fit(base + ((low - address) & mask), base + index - over);
  }

  /** Returns the first of the slots `first`, `first + stride`, ... below `end` whose run crosses no boundary. */
  #fit(first: number, end: number): number {
    const table = this.#table;
    let slot = table.findRun(first, end, this.#wanted, this.#stride);
    while (slot !== NO_RUN && this.#crosses(slot)) {
      slot = table.findRun(slot + this.#stride, end, this.#wanted, this.#stride);
    }
    return slot;
  }

  /**
   * Tests one slot at a time, as Linux does. Needed when `mask` has gaps.
   * @param low the bits of `mask` that must be set in the slot's address
   */
  #findOneByOne(area: number, mask: number, low: number): number {
    const areaSlots = this.#areaSlots;
    const base = area * areaSlots;
    let index = this.#areas.index(area);
    let step = 1;
    for (let checked = 0; checked < areaSlots; checked += step) {
      const slot = base + index;
      step = 1;
      if ((low31(this.#start + slot) & mask) === low) {
        if (this.#table.isRunFree(slot, this.#wanted) && !this.#crosses(slot)) return slot;
        step = this.#stride;
      }
      index += step;
      if (index >= areaSlots) index = 0;
    }
    return NO_RUN;
  }

  /** True if a run that begins at `slot` crosses a boundary. */
  #crosses(slot: number): boolean {
    const boundary = this.#boundary;
    return boundary !== 0 && remainder(this.#start + slot, boundary) + this.#wanted > boundary;
  }
}

function remainder(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
