/**
 * A slot pool: contiguous memory cut into slots of 2 KiB, searched next-fit in areas.
 * Models: struct io_tlb_pool, swiotlb_search_pool_area and swiotlb_release_slots (kernel/dma/swiotlb.c), as described
 * in the slot allocator's specification, sections 3, 5 and 6. Deviation: the free bitmap of `SlotTable`.
 * Threads: any; each search and release holds the lock of the area it touches.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { low31, SLOT_SHIFT, SLOT_SIZE, slotsOf } from '../units.js';
import { Areas } from './area.js';
import { SlotTable } from './slot-table.js';

/** What the device asks of addresses: all are masks or sizes in bytes. */
export interface DmaConstraints {
  /** Low address bits of the original that a bounce address must keep; 2^n - 1. */
  readonly minAlignMask: number;
  /** A mapping must not cross a multiple of this plus one; 2^n - 1 or `Infinity` for none. */
  readonly segmentBoundaryMask: number;
}

export interface SlotPoolConfig {
  /** Physical address of the first slot; a multiple of 4096. */
  readonly start: number;
  readonly slots: number;
  /** A power of two; `slots / areas` is a multiple of 128. */
  readonly areas: number;
}

/** No run of slots satisfies the request. */
export const NO_SLOT = -1;

export class SlotPool {
  readonly start: number;
  readonly end: number;
  readonly slots: number;
  readonly areaSlots: number;
  readonly areas: Areas;
  readonly table: SlotTable;
  /** The first slot's address in units of slots, its low 31 bits. */
  readonly #startSlot: number;

  constructor(arena: Arena, config: SlotPoolConfig) {
    this.start = config.start;
    this.slots = config.slots;
    this.end = config.start + config.slots * SLOT_SIZE;
    this.#startSlot = low31(config.start / SLOT_SIZE);
    this.areaSlots = Math.floor(config.slots / config.areas);
    this.areas = new Areas(arena, config.areas);
    this.table = new SlotTable(arena, config.slots);
  }

  reset(): void {
    this.areas.reset();
    this.table.reset();
  }

  contains(address: number): boolean {
    return address >= this.start && address < this.end;
  }

  slotOf(address: number): number {
    return (address - this.start) >>> SLOT_SHIFT;
  }

  addressOf(slot: number): number {
    return this.start + slot * SLOT_SIZE;
  }

  /** Allocated slots; exact when no CPU is at work. */
  used(): number {
    let used = 0;
    for (let area = 0; area < this.areas.count; area++) used += this.areas.used(area);
    return used;
  }

  /**
   * Takes the slots of `bytes` in one area, or answers `NO_SLOT`. The first slot taken may be a padding slot.
   * @param origin physical address whose low bits the slots must reproduce, 0 = none
   * @param bytes the total, padding included
   * @param alignMask 2^n - 1 that the address of the first slot must clear, or 0
   */
  search(area: number, origin: number, bytes: number, alignMask: number, device: DmaConstraints, cpu: Cpu): number {
    const wanted = slotsOf(bytes);
    const { areas } = this;
    areas.lock(area, cpu);
    let slot = NO_SLOT;
    if (wanted <= this.areaSlots - areas.used(area)) {
      const align = effectiveAlign(bytes, alignMask, device);
      const recorded = bytes - lowOffset(origin, device);
      slot = this.#takeAtCursor(area, origin, wanted, align, recorded, device);
      if (slot === NO_SLOT) {
        slot = this.#find(area, origin, wanted, align, device);
        if (slot !== NO_SLOT) this.table.take(slot, wanted, recorded);
      }
      if (slot !== NO_SLOT) {
        const next = slot - area * this.areaSlots + wanted;
        areas.setIndex(area, next < this.areaSlots ? next : 0);
        areas.addUsed(area, wanted);
      }
    }
    areas.unlock(area);
    return slot;
  }

  /**
   * What `#find` mostly comes to, in a few instructions: the first suitable slot from the cursor on is free. Only for
   * requests without a boundary or bits to reproduce; `NO_SLOT`, with nothing taken, says that it was not so simple.
   */
  #takeAtCursor(
    area: number,
    origin: number,
    wanted: number,
    align: number,
    recorded: number,
    device: DmaConstraints,
  ): number {
    if (device.segmentBoundaryMask !== Infinity || (origin !== 0 && device.minAlignMask !== 0)) return NO_SLOT;
    const base = area * this.areaSlots;
    const cursor = this.areas.index(area);
    const index = cursor + (-(this.#startSlot + base + cursor) & (align >>> SLOT_SHIFT));
    if (index + wanted > this.areaSlots) return NO_SLOT;
    return this.table.takeInWord(base + index, wanted, recorded) ? base + index : NO_SLOT;
  }

  /**
   * Next-fit. Candidates advance by the stride of the alignment, unsuitable slots by one, and passing the end starts
   * again at 0: an overshoot is not carried over, so a fitting hole can be missed, as it is in Linux.
   */
  #find(area: number, origin: number, wanted: number, align: number, device: DmaConstraints): number {
    const { table, areaSlots } = this;
    const base = area * areaSlots;
    const unbounded = device.segmentBoundaryMask === Infinity;
    const boundarySlots = unbounded ? 0 : Math.floor(device.segmentBoundaryMask / SLOT_SIZE) + 1;
    const startSlot = unbounded ? this.#startSlot : remainder(this.start / SLOT_SIZE, boundarySlots);
    // Masks and addresses in units of slots, of which the low 31 bits are all that any mask can reach.
    const firstSlot = low31(startSlot + base);
    const alignSlots = align >>> SLOT_SHIFT;
    const reproduce = device.minAlignMask & ~align;
    const reproduceSlots = origin === 0 ? 0 : reproduce >>> SLOT_SHIFT;
    const originSlots = reproduceSlots === 0 ? 0 : low31(Math.floor(origin / SLOT_SIZE)) & reproduceSlots;
    const stride = (Math.max(align, reproduce) >>> SLOT_SHIFT) + 1;
    // With a mask that has gaps, the slot a stride after a suitable one is not suitable itself.
    const isPeriodic = (stride & (stride - 1)) === 0;
    let index = this.areas.index(area);
    let checked = 0;
    while (checked < areaSlots) {
      const address = (firstSlot + index) & 0x7fffffff;
      let step = 1;
      if ((address & alignSlots) === 0 && (address & reproduceSlots) === originSlots) {
        if (
          table.isRunFree(base + index, wanted) &&
          (unbounded || remainder(startSlot + base + index, boundarySlots) + wanted <= boundarySlots)
        ) {
          return base + index;
        }
        step = stride;
        if (isPeriodic) {
          // Candidates that start at a slot which is taken, or too late in the segment, would be refused one by one.
          const hopeless = Math.min(table.hopeless(base + index, wanted), areaSlots - index);
          if (hopeless > stride) step = Math.ceil(hopeless / stride) * stride;
        }
      }
      index += step;
      if (index >= areaSlots) index = 0;
      checked += step;
    }
    return NO_SLOT;
  }

  /**
   * Gives back the whole allocation whose first data byte is at `address`; answers how many slots that was.
   * ERR_BAD_ADDRESS when no allocation begins there: a foreign address, or one that was given back before.
   */
  release(address: number, device: DmaConstraints, cpu: Cpu): number {
    const { table, areas } = this;
    const low = lowOffset(address, device);
    const data = this.slotOf(address - low);
    const first = this.contains(address) ? table.firstOf(data) : -1;
    if (first < 0) throw notAllocated(address);
    const area = (first / this.areaSlots) | 0;
    const count = slotsOf(table.bytesAt(first) + low);
    areas.lock(area, cpu);
    table.give(first, data, count);
    areas.addUsed(area, -count);
    areas.unlock(area);
    return count;
  }
}

function notAllocated(address: number): CopytaxError {
  const message = `no allocation has its first byte at address ${address}: it was freed already, or never allocated`;
  return new CopytaxError('ERR_BAD_ADDRESS', message, { address });
}

/** The part of an address below a slot that bouncing preserves. */
export function lowOffset(address: number, device: DmaConstraints): number {
  return low31(address) & device.minAlignMask & (SLOT_SIZE - 1);
}

/** The page rule: a request of a page or more that nobody wants aligned is page aligned. */
function effectiveAlign(bytes: number, alignMask: number, device: DmaConstraints): number {
  const align = alignMask === 0 && device.minAlignMask === 0 && bytes >= 4096 ? 4095 : alignMask;
  return align | (SLOT_SIZE - 1);
}

function remainder(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
