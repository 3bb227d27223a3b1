/**
 * Snapshots of an allocator as oracle traces hold them: counters, cursors, and hashes over what Linux would store in
 * each slot. The hash is 32-bit FNV-1a, byte by byte, little endian.
 */
import { LISTED, NO_POOL, type PoolList } from '../swiotlb/pool-list.js';
import type { SlotPool } from '../swiotlb/slot-pool.js';
import { NO_ORIGIN, type SlotTable } from '../swiotlb/slot-table.js';
import { SEGMENT_SLOTS, SLOT_SIZE } from '../units.js';
import type { SnapshotAnswer } from './oracle-trace.js';

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
// A zero byte only multiplies, so several of them are one multiplication by a power.
const PRIME_2 = Math.imul(FNV_PRIME, FNV_PRIME);
const PRIME_4 = Math.imul(PRIME_2, PRIME_2);

type PoolAnswer = SnapshotAnswer['pools'][number];

const byte = (hash: number, value: number) => Math.imul(hash ^ (value & 0xff), FNV_PRIME);
/** A 16-bit value below 256. */
const smallU16 = (hash: number, value: number) => Math.imul(hash ^ value, PRIME_2);
const u16 = (hash: number, value: number) => byte(byte(hash, value), value >>> 8);
const u32 = (hash: number, value: number) =>
  value === 0 ? Math.imul(hash, PRIME_4) : u16(u16(hash, value), value >>> 16);

/** -1 is all 64 bits set. */
function u64(hash: number, value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return u32(u32(hash, value - high * 2 ** 32), high);
}

/** The free counter of every slot: consecutive free slots from it to the end of its segment. */
export function freeCounters(table: SlotTable): Uint16Array {
  const counters = new Uint16Array(table.slots);
  for (let slot = table.slots - 1; slot >= 0; slot--) {
    const isLast = slot === table.slots - 1 || (slot + 1) % SEGMENT_SLOTS === 0;
    counters[slot] = table.isFree(slot) ? 1 + (isLast ? 0 : counters[slot + 1]!) : 0;
  }
  return counters;
}

/** `uN` = N allocated slots; `A-B` = counters falling by one from A to B. */
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

/** One pool; `withRuns`: with the full dump of its free counters. */
export function poolSnapshot(ordinal: number, pool: SlotPool, withRuns: boolean): PoolAnswer {
  const { areas, table } = pool;
  const counters = freeCounters(table);
  let [hl, ha, ho, hp] = [FNV_OFFSET, FNV_OFFSET, FNV_OFFSET, FNV_OFFSET];
  // Slots are visited in order, so what an allocation recorded in its first slots serves for all of them.
  let bytes = 0;
  let origin = NO_ORIGIN;
  for (let slot = 0; slot < table.slots; slot++) {
    const isFree = counters[slot] !== 0;
    const pad = isFree ? 0 : table.padSlots(slot);
    if (isFree) {
      bytes = 0;
      origin = NO_ORIGIN;
    } else if (table.isFirst(slot)) {
      bytes = table.bytesAt(slot);
      origin = table.origin(slot);
    } else {
      bytes -= SLOT_SIZE;
      if (pad !== 0) origin = table.origin(slot);
      else if (origin !== NO_ORIGIN) origin += SLOT_SIZE;
    }
    hl = smallU16(hl, counters[slot]!);
    ha = u32(ha, bytes);
    ho = u64(ho, origin);
    hp = smallU16(hp, pad);
  }
  return {
    p: ordinal,
    areas: Array.from({ length: areas.count }, (_, area) => [areas.used(area), areas.index(area)] as const),
    ...{ hl: hl >>> 0, ha: ha >>> 0, ho: ho >>> 0, hp: hp >>> 0 },
    ...(withRuns ? { rle: runLengths(counters) } : {}),
  };
}

/** Pools of a list, head first. */
export function poolsOf(list: PoolList, head = LISTED): number[] {
  const pools: number[] = [];
  for (let pool = list.first(head); pool !== NO_POOL; pool = list.next(pool)) pools.push(pool);
  return pools;
}
