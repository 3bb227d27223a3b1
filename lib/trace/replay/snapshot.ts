/**
 * Snapshots of an allocator as oracle traces hold them: counters, cursors, and hashes over what Linux would store in
 * each slot. See docs/spec/traces.md#snapshot.
 */

import { BOOT_POOL, LISTED, NO_SLOT_POOL, type SlotPoolList } from '../../swiotlb/pools/slot-pool-list.js';
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import type { SlotPool } from '../../swiotlb/slots/slot-pool.js';
import type { SlotTable } from '../../swiotlb/slots/slot-table.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import { SEGMENT_SLOTS } from '../../units.js';
import type { SlotPoolSnapshot, Snapshot } from '../format/operation.js';
import { slotHashes } from './slot-hashes.js';
import type { SlotPoolOrdinals } from './slot-pool-ordinals.js';

/** The free counter of every slot: consecutive free slots from it up to the end of its segment. */
export function freeCounters(table: SlotTable): Uint16Array {
  const { slots } = table;
  const counters = new Uint16Array(slots);
  let free = 0;
  for (let slot = slots - 1; slot >= 0; slot--) {
    if (slot % SEGMENT_SLOTS === SEGMENT_SLOTS - 1) free = 0;
    free = table.isFree(slot) ? free + 1 : 0;
    counters[slot] = free;
  }
  return counters;
}

/** Writes free counters as runs: `uN` = N allocated slots; `A-B` = counters falling by one from A to B. */
export function runLengths(counters: Uint16Array): string {
  const runs: string[] = [];
  let slot = 0;
  while (slot < counters.length) {
    const first = counters[slot]!;
    let end = slot + 1;
    while (
      end < counters.length &&
      counters[end] === (first === 0 ? 0 : counters[end - 1]! - 1) &&
      (first === 0 || counters[end] !== 0)
    )
      end++;
    runs.push(first === 0 ? `u${end - slot}` : `${first}-${counters[end - 1]}`);
    slot = end;
  }
  return runs.join(' ');
}

/** The snapshot of one slot pool; `withRuns` adds the full dump of its free counters. */
export function slotPoolSnapshot(ordinal: number, pool: SlotPool, withRuns: boolean): SlotPoolSnapshot {
  const { areas, table } = pool;
  return {
    p: ordinal,
    areas: Array.from({ length: areas.count }, (_, area) => [areas.used(area), areas.index(area)] as const),
    ...slotHashes(table),
    ...(withRuns ? { rle: runLengths(freeCounters(table)) } : {}),
  };
}

/** The slot pools of a list, head first. */
export function slotPoolsOf(list: SlotPoolList, head = LISTED): number[] {
  const pools: number[] = [];
  for (let pool = list.first(head); pool !== NO_SLOT_POOL; pool = list.next(pool)) pools.push(pool);
  return pools;
}

/** The snapshot of an allocator; with dumps of the free counters, if one of the recorded slot pools `asked` has one. */
export function snapshotOf(
  swiotlb: Swiotlb,
  ordinals: SlotPoolOrdinals,
  devices: readonly SwiotlbDevice[],
  asked: Snapshot['pools'],
): Snapshot {
  const {
    io_tlb_nslabs: ns,
    io_tlb_used: used,
    io_tlb_used_hiwater: hi,
    io_tlb_transient_nslabs: tr,
  } = swiotlb.statistics();
  const list = swiotlb.pools?.list;
  const withRuns = asked.some(({ rle }) => rle !== undefined);
  const pools = (list ? slotPoolsOf(list) : [BOOT_POOL]).map((pool) =>
    slotPoolSnapshot(ordinals.of(pool), ordinals.slotPool(pool), withRuns),
  );
  if (!list) return { used, hi, tr, ns, pools };
  const dp = devices.map((_, device) => slotPoolsOf(list, 1 + device).map((pool) => ordinals.of(pool)));
  const uses = devices.map((device) => (swiotlb.pools!.uses(device) ? 1 : 0));
  return { used, hi, tr, ns, pools, dp, uses };
}
