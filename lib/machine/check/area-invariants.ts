/**
 * Invariants that can be checked while all CPUs are at work: those of one area of a slot pool, under its lock.
 * Source: docs/spec/tx-path.md#i1-slots-are-accounted-for and
 * docs/spec/tx-path.md#i6-a-block-is-freed-once, as far as one area's lock covers them.
 * Threads: any that holds no area's lock.
 */
import { PAGE_TYPE } from '../../page/page-type.js';
import type { Cpu } from '../../smp/cpu.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { PAGE_SIZE } from '../../units.js';
import type { System } from '../build/system.js';
import { expectInvariant } from './expect.js';

/**
 * Takes and drops the lock of every area of the slot pools that stay.
 * @throws ERR_INVARIANT with `details.invariant`
 */
export function assertAreas(system: System, cpu: Cpu): void {
  const { swiotlb } = system;
  for (const pool of swiotlb.pools?.listed() ?? [swiotlb.pool]) {
    for (let area = 0; area < pool.areas.count; area++) {
      pool.areas.lock(cpu, area);
      try {
        assertArea(system, pool, area);
      } finally {
        pool.areas.unlock(area);
      }
    }
  }
}

/** An area counts the slots in use; and a page loses its type before its slots are free, so no free slot has one. */
function assertArea({ pages }: System, pool: SlotPool, area: number): void {
  const { areas, areaSlots, table } = pool;
  let taken = 0;
  for (let slot = area * areaSlots; slot < (area + 1) * areaSlots; slot++) {
    if (!table.isFree(slot)) {
      taken++;
      continue;
    }
    const isTyped = pages.hasType(Math.floor(pool.addressOf(slot) / PAGE_SIZE), PAGE_TYPE.zeroCopySwiotlb);
    if (isTyped) expectInvariant('I6', `slot ${slot} of a typed page is free`, table.isFree(slot), false);
  }
  expectInvariant('I1', `slots that area ${area} counts, against slots in use`, areas.used(area), taken);
}
