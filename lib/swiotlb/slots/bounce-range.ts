/**
 * Where the other end of a bounce lies, for a part of a mapping.
 * Models: what swiotlb_bounce (kernel/dma/swiotlb.c) works out before it copies; the slot allocator's specification,
 * section 8. Threads: any, for mappings that stay as long as they are asked about.
 */
import { low31, SLOT_SIZE } from '../../units.js';
import { type DmaConstraints, lowOffset } from './constraints.js';
import type { SlotPool } from './slot-pool.js';
import { NO_ORIGIN } from './slot-table.js';

export interface BounceRange {
  /** Physical address of the original, or `NO_ORIGIN` when these slots bounce for nothing. */
  origin: number;
  /** Bytes to copy: as asked, or up to the end of the allocation. */
  bytes: number;
}

/** Fills `range` for `bytes` at an address of the pool. What a sync asks for may begin anywhere in a mapping. */
export function rangeInPool(
  pool: SlotPool,
  device: DmaConstraints,
  address: number,
  bytes: number,
  range: BounceRange,
): void {
  const slot = pool.slotOf(address);
  const origin = pool.table.origin(slot);
  if (origin === NO_ORIGIN) {
    range.origin = NO_ORIGIN;
    range.bytes = 0;
    return;
  }
  const delta = (low31(address) & (SLOT_SIZE - 1)) - lowOffset(origin, device);
  range.origin = origin + delta;
  range.bytes = Math.max(0, Math.min(bytes, pool.table.allocBytes(slot) - delta));
}
