/**
 * What can be looked at while all CPUs are at work: an area of the slot pool, by whoever holds its lock.
 * Source: I1 and I6 of the transmit path's specification, section 2.13, as far as one area's lock covers them.
 * Threads: any that holds no area's lock.
 */
import { CopytaxError } from '../../errors.js';
import { PAGE_TYPE } from '../../page/page-type.js';
import type { Cpu } from '../../smp/cpu.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import { PAGE_SIZE } from '../../units.js';
import type { System } from '../build/system.js';

/** Takes and drops the lock of every area of the pools that stay. ERR_INVARIANT with `details.invariant`. */
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

/** Slots are counted as they are taken; and a page loses its type before its slots are free, so no free slot has one. */
function assertArea({ pages }: System, pool: SlotPool, area: number): void {
  const { areas, areaSlots, table } = pool;
  let taken = 0;
  for (let slot = area * areaSlots; slot < (area + 1) * areaSlots; slot++) {
    if (!table.isFree(slot)) {
      taken++;
      continue;
    }
    const pfn = Math.floor(pool.addressOf(slot) / PAGE_SIZE);
    if (pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) throw broken('I6', `slot ${slot} of a typed page is free`);
  }
  const used = areas.used(area);
  if (used !== taken) throw broken('I1', `area ${area} counts ${used} slots, and ${taken} are taken`);
}

function broken(invariant: string, what: string): CopytaxError {
  return new CopytaxError('ERR_INVARIANT', `invariant ${invariant} is broken: ${what}`, { invariant });
}
