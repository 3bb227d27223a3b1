/**
 * A slot pool: contiguous memory cut into slots of 2 KiB, searched next-fit in areas.
 * Models: struct io_tlb_pool, swiotlb_search_pool_area and swiotlb_release_slots (kernel/dma/swiotlb.c). See
 * docs/spec/swiotlb.md#search-one-area-of-one-slot-pool and docs/spec/swiotlb.md#release. Deviation: the free bitmap of
 * `SlotTable`. Threads: any; each search and release holds the lock of the area it touches.
 */
import { CopytaxError } from '../../errors.js';
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { isPowerOfTwo, low31, PAGE_SIZE, SLOT_SHIFT, SLOT_SIZE } from '../../units.js';
import { Areas } from './area.js';
import { ConstrainedSearch } from './constrained-search.js';
import { type DmaConstraints, lowOffset } from './constraints.js';
import { requireSlotPool, type SlotPoolConfig } from './slot-pool-config.js';
import { SlotTable } from './slot-table.js';

export type { SlotPoolConfig };

/** No run of slots satisfies the request. */
export const NO_SLOT = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const NONE = NO_SLOT;
const SHIFT = SLOT_SHIFT;
const SIZE = SLOT_SIZE;
const PAGE = PAGE_SIZE;

/** A slot pool without checks, for the model: `Slots` of `copytax/slots` checks its calls. Any thread. */
export class SlotPool {
  /** Physical address of the first slot. */
  readonly start: number;
  /** Physical address after the last slot. */
  readonly end: number;
  /** Number of slots. */
  readonly slots: number;
  /** Slots of each area. */
  readonly areaSlots: number;
  /** Locks and counts of the areas. */
  readonly areas: Areas;
  /** What is known of each slot. */
  readonly table: SlotTable;
  /** The first slot's address in units of slots, its low 31 bits. */
  readonly #startSlot: number;
  readonly #constrained: ConstrainedSearch;
  /** Logarithm of the slots of an area if they are a power of two; else -1. */
  readonly #areaShift: number;

  /**
   * Slots cannot be taken before one thread has called `reset`. Calls after that check none of their arguments:
   * `Slots` of `copytax/slots` does.
   * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO
   */
  constructor(arena: Arena, config: SlotPoolConfig) {
    requireSlotPool(config);
    this.start = config.start;
    this.slots = config.slots;
    this.end = config.start + config.slots * SIZE;
    this.#startSlot = low31(config.start / SIZE);
    this.areaSlots = Math.floor(config.slots / config.areas);
    this.#areaShift = isPowerOfTwo(this.areaSlots) ? Math.log2(this.areaSlots) : -1;
    this.areas = new Areas(arena, config.areas);
    this.table = new SlotTable(arena, config.slots);
    this.#constrained = new ConstrainedSearch(this);
  }

  /** Frees all slots. One thread, before any other searches. */
  reset(): void {
    this.areas.reset();
    this.table.reset();
  }

  /** True if the address lies in one of its slots. */
  contains(address: number): boolean {
    return address >= this.start && address < this.end;
  }

  /** The slot that an address of the pool lies in. */
  slotOf(address: number): number {
    return (address - this.start) >>> SHIFT;
  }

  /** Physical address of a slot. */
  addressOf(slot: number): number {
    return this.start + slot * SIZE;
  }

  /** Allocated slots. Exact while no CPU allocates or frees. */
  used(): number {
    let used = 0;
    for (let area = 0; area < this.areas.count; area++) used += this.areas.used(area);
    return used;
  }

  /** Searches all areas: the CPU's home area first, then the others in turn. */
  searchAreas(cpu: Cpu, device: DmaConstraints, origin: number, bytes: number, alignMask: number): number {
    const { count } = this.areas;
    for (let step = 0; step < count; step++) {
      const slot = this.search(cpu, (cpu.id + step) & (count - 1), device, origin, bytes, alignMask);
      if (slot !== NONE) return slot;
    }
    return NONE;
  }

  /**
   * Takes slots for `bytes` in one area. Returns the first of them, which may be a padding slot, or `NO_SLOT`.
   * Has six parameters because this is the hot path: a request object would have to be filled for every search.
   * @param origin physical address whose low bits the slots must reproduce; 0 = none
   * @param bytes total size, padding included
   * @param alignMask 2^n - 1 that the address of the first slot must clear, or 0
   */
  search(cpu: Cpu, area: number, device: DmaConstraints, origin: number, bytes: number, alignMask: number): number {
    const { areas, areaSlots, table } = this;
    const wanted = (bytes + (SIZE - 1)) >>> SHIFT;
    const base = area * areaSlots;
    areas.lock(cpu, area);
    let slot = NONE;
    if (wanted <= areaSlots - areas.used(area)) {
      const index = areas.index(area);
      // The page rule: a request of at least a page, without any alignment asked for, is page aligned.
      const { minAlignMask } = device;
      const align = alignMask === 0 && minAlignMask === 0 && bytes >= PAGE ? PAGE - 1 : alignMask;
      if (minAlignMask === 0 && device.segmentBoundaryMask === Infinity) {
        slot = this.#find(base, index, wanted, align >>> SHIFT);
        if (slot !== NONE) table.take(slot, wanted, bytes);
      } else {
        slot = this.#constrained.find(area, device, origin, wanted, align | (SIZE - 1));
        if (slot !== NONE) table.take(slot, wanted, bytes - lowOffset(origin, device));
      }
      if (slot !== NONE) {
        const next = slot - base + wanted;
        areas.advance(area, wanted, next < areaSlots ? next : 0);
      }
    }
    areas.unlock(area);
    return slot;
  }

  /**
   * Takes up to `count` blocks of `bytes` in one area, which is locked once, and writes their first slots to `slots`.
   * Each is found as `search` would find it after the one before. Returns how many there were.
   * @param bytes size of a block, 2^n of at least a page; blocks are aligned to it
   */
  searchBlocks(
    cpu: Cpu,
    area: number,
    device: DmaConstraints,
    bytes: number,
    count: number,
    slots: Int32Array,
  ): number {
    const { areas, areaSlots, table } = this;
    const wanted = bytes >>> SHIFT;
    const base = area * areaSlots;
    const isFree = device.minAlignMask === 0 && device.segmentBoundaryMask === Infinity;
    let got = 0;
    areas.lock(cpu, area);
    while (got < count && wanted <= areaSlots - areas.used(area)) {
      const slot = isFree
        ? this.#find(base, areas.index(area), wanted, wanted - 1)
        : this.#constrained.find(area, device, 0, wanted, bytes - 1);
      if (slot === NONE) break;
      table.take(slot, wanted, bytes);
      const next = slot - base + wanted;
      areas.advance(area, wanted, next < areaSlots ? next : 0);
      slots[got++] = slot;
    }
    areas.unlock(area);
    return got;
  }

  /**
   * Searches next-fit for a device without constraints. Candidates advance by the stride of the alignment, unsuitable
   * slots by one, and passing the end starts again at 0: an overshoot is not carried over, so a fitting hole can be
   * missed, as in Linux.
   * @param mask 2^n - 1 that the slot's address in slots must clear
   */
  #find(base: number, index: number, wanted: number, mask: number): number {
    const { table } = this;
    const address = this.#startSlot + base;
    const end = base + this.areaSlots;
    const first = base + index + (-(address + index) & mask);
    const slot = table.findRun(first, end, wanted, mask + 1);
    if (slot !== NONE) return slot;
    // Again from the start of the area: up to the cursor, less the overshoot, which counts as searched.
    const over = first < end ? (first - end) & mask : 0;
    return table.findRun(base + (-address & mask), base + index - over, wanted, mask + 1);
  }

  /**
   * Frees the allocation whose first data byte is at `address`, padding included. Returns the number of slots.
   * Of an allocation that two CPUs free at the same instant, the second free may go unnoticed: `Slots` of
   * `copytax/slots` finds it.
   * @throws ERR_BAD_ADDRESS when no allocation begins there: a foreign address, or one that was freed before
   */
  release(cpu: Cpu, device: DmaConstraints, address: number): number {
    const { table, areas } = this;
    const low = device.minAlignMask === 0 ? 0 : lowOffset(address, device);
    const data = this.slotOf(address - low);
    const first = this.contains(address) ? table.firstOf(data) : -1;
    if (first < 0) throw notAllocated(address);
    const area = this.#areaShift >= 0 ? first >> this.#areaShift : (first / this.areaSlots) | 0;
    const count = (table.bytesAt(first) + low + (SIZE - 1)) >>> SHIFT;
    areas.lock(cpu, area);
    table.release(first, data, count);
    areas.addUsed(area, -count);
    areas.unlock(area);
    return count;
  }

  /**
   * Frees the blocks of `bytes` that begin at `slots[from]` to `slots[to - 1]`. The lock of an area is taken once for
   * all of them that follow each other in it.
   * @throws ERR_BAD_ADDRESS where no block of that size begins; those before are freed
   */
  releaseBlocks(cpu: Cpu, slots: Int32Array, from: number, to: number, bytes: number): void {
    const { areas, table } = this;
    const count = bytes >>> SHIFT;
    let held = NONE;
    for (let at = from; at < to; at++) {
      const slot = slots[at]!;
      const isBlock = table.firstOf(slot) === slot && table.bytesAt(slot) === bytes;
      const area = isBlock ? (slot / this.areaSlots) | 0 : NONE;
      if (area !== held && held !== NONE) areas.unlock(held);
      if (!isBlock) throw notAllocated(this.addressOf(slot));
      if (area !== held) areas.lock(cpu, area);
      held = area;
      table.release(slot, slot, count);
      areas.addUsed(area, -count);
    }
    if (held !== NONE) areas.unlock(held);
  }
}

function notAllocated(address: number): CopytaxError {
  const message = `no allocation has its first byte at address ${address}: it was freed already, or never allocated`;
  return new CopytaxError('ERR_BAD_ADDRESS', message, { address });
}
