/**
 * Compares the records of a slot pool with those of the naive allocator. Throws an assertion error for a difference.
 */
import { expect } from '@jest/globals';
import type { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import type { NaiveAllocator } from './naive-allocator.js';

export function compareAreas(pool: SlotPool, naive: NaiveAllocator): void {
  for (let area = 0; area < naive.areas; area++) {
    if (pool.areas.used(area) === naive.used[area] && pool.areas.index(area) === naive.index[area]) continue;
    expect({ area, used: pool.areas.used(area), index: pool.areas.index(area) }).toEqual({
      area,
      used: naive.used[area],
      index: naive.index[area],
    });
  }
}

/** Compares the slots from `from` to before `to`, or to the end of the slot pool. */
export function compareSlots(pool: SlotPool, naive: NaiveAllocator, from: number, to: number): void {
  const { table } = pool;
  for (let slot = from; slot < Math.min(to, naive.slots); slot++) {
    const actual = {
      slot,
      free: table.freeCounter(slot),
      allocBytes: table.allocBytes(slot),
      origin: table.origin(slot),
      padSlots: table.padSlots(slot),
    };
    if (
      actual.free !== naive.free[slot] ||
      actual.allocBytes !== naive.allocBytes[slot] ||
      actual.origin !== naive.origin[slot] ||
      actual.padSlots !== naive.padSlots[slot]
    ) {
      expect(actual).toEqual({
        slot,
        free: naive.free[slot],
        allocBytes: naive.allocBytes[slot],
        origin: naive.origin[slot],
        padSlots: naive.padSlots[slot],
      });
    }
  }
}
