/**
 * The original memory that a part of a mapping belongs to.
 * Models: what swiotlb_bounce (kernel/dma/swiotlb.c) computes before it copies. See docs/spec/swiotlb.md#copies.
 * Threads: any, as long as the mapping exists.
 */
import { low31, SLOT_SIZE } from '../../units.js';
import { type DmaConstraints, lowOffset } from './constraints.js';
import type { SlotPool } from './slot-pool.js';
import { NO_ORIGIN } from './slot-table.js';

/** The original of a part of a mapping. */
export interface BounceRange {
  /** Physical address of the original, or `NO_ORIGIN` when the slots have none. */
  origin: number;
  /** Bytes to copy: as requested, but at most up to the end of the allocation. */
  bytes: number;
}

/** Fills `range` for `bytes` from an address of the slot pool on, which may lie anywhere in a mapping. */
export function rangeInSlotPool(
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
