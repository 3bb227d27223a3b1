/**
 * The software IO TLB: finds slots for a mapping, remembers where its bytes belong, and gives the slots back.
 * Models: swiotlb_tbl_map_single, swiotlb_tbl_unmap_single and swiotlb_bounce (kernel/dma/swiotlb.c); the slot
 * allocator's specification, sections 4 to 8. Deviation: it moves no bytes. Who maps lists the copy, so that one native
 * crossing carries all copies of an skb.
 * Threads: any.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { low31, roundUp, SEGMENT_BYTES, SLOT_SHIFT, SLOT_SIZE } from '../units.js';
import { type DmaConstraints, lowOffset, NO_SLOT, SlotPool, type SlotPoolConfig } from './slot-pool.js';
import { NO_ORIGIN } from './slot-table.js';

/** What `alloc` answers when no slots were found. */
export const NO_ADDRESS = -1;

/** Where the other end of a bounce lies, for a part of a mapping. */
export interface BounceRange {
  /** Physical address of the original, or `NO_ORIGIN` when these slots bounce for nothing. */
  origin: number;
  /** Bytes to copy: as asked, or up to the end of the allocation. */
  bytes: number;
}

export class Swiotlb {
  readonly pool: SlotPool;

  constructor(arena: Arena, config: SlotPoolConfig) {
    this.pool = new SlotPool(arena, config);
  }

  reset(): void {
    this.pool.reset();
  }

  get slots(): number {
    return this.pool.slots;
  }

  /** Allocated slots, padding included: the sum over areas, read without their locks. */
  used(): number {
    return this.pool.used();
  }

  /** Is this the address of memory that devices may reach by bouncing? */
  contains(address: number): boolean {
    return this.pool.contains(address);
  }

  /**
   * Slots for `bytes` at physical address `origin`.
   * @param origin what the slots bounce for; 0 = nothing (pages taken from the pool)
   * @param alignMask 2^n - 1 that the allocation must be aligned to, or 0
   * @returns the bounce address of the first byte, or `NO_ADDRESS`
   */
  alloc(device: DmaConstraints, origin: number, bytes: number, alignMask: number, cpu: Cpu): number {
    if (bytes > SEGMENT_BYTES || alignMask >= SEGMENT_BYTES) return NO_ADDRESS;
    const { minAlignMask } = device;
    const offset = minAlignMask === 0 ? 0 : low31(origin) & minAlignMask & (alignMask | (SLOT_SIZE - 1));
    const total = (bytes + offset + alignMask) & ~alignMask;
    if (total > SEGMENT_BYTES) return NO_ADDRESS;
    const { pool } = this;
    const first = this.#search(device, origin, total, alignMask, cpu);
    if (first === NO_SLOT) return NO_ADDRESS;
    const pad = offset >>> SLOT_SHIFT;
    if (origin !== 0) pool.table.setOrigin(first, pad, origin);
    return pool.addressOf(first + pad) + (offset & (SLOT_SIZE - 1));
  }

  /** The CPU's home area first, then the others in turn. */
  #search(device: DmaConstraints, origin: number, total: number, alignMask: number, cpu: Cpu): number {
    const { pool } = this;
    const { count } = pool.areas;
    for (let step = 0; step < count; step++) {
      const slot = pool.search((cpu.id + step) & (count - 1), origin, total, alignMask, device, cpu);
      if (slot !== NO_SLOT) return slot;
    }
    return NO_SLOT;
  }

  /** Gives back what `alloc` answered. Returns the number of slots. */
  free(device: DmaConstraints, address: number, cpu: Cpu): number {
    return this.pool.release(address, device, cpu);
  }

  /**
   * Where the bytes of a bounce address belong, for syncs; fills `range` rather than make an object.
   * A range that runs past the allocation is cut at its end, as Linux does with a warning.
   */
  originOf(device: DmaConstraints, address: number, bytes: number, range: BounceRange): void {
    const { pool } = this;
    const slot = pool.slotOf(address);
    const origin = pool.table.origin(slot);
    if (origin === NO_ORIGIN) {
      range.origin = NO_ORIGIN;
      range.bytes = 0;
      return;
    }
    const delta = (low31(address) & (SLOT_SIZE - 1)) - lowOffset(origin, device);
    range.origin = origin + delta;
    range.bytes = Math.min(bytes, pool.table.allocBytes(slot) - delta);
  }

  /** Largest single mapping of a device, bytes. Models swiotlb_max_mapping_size. */
  maxMappingSize(device: DmaConstraints): number {
    return SEGMENT_BYTES - roundUp(device.minAlignMask, SLOT_SIZE);
  }
}
