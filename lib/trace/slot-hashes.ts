/**
 * Hashes over what Linux would store in each slot of a pool, as snapshots of oracle traces hold them: 32-bit FNV-1a,
 * byte by byte, little endian. Half of a replay is spent here, so known bytes are not hashed one by one: a zero only
 * multiplies, and what a run of equal bytes does to a hash depends on its lowest byte alone, apart from a factor.
 */
import { NO_ORIGIN, type SlotTable } from '../swiotlb/slot-table.js';
import { SLOT_SIZE } from '../units.js';

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const PRIME_2 = Math.imul(FNV_PRIME, FNV_PRIME);
const PRIME_4 = Math.imul(PRIME_2, PRIME_2);
const PRIME_8 = Math.imul(PRIME_4, PRIME_4);

/** By lowest byte of the hash: what "no original", eight bytes of ones, add to the hash times `PRIME_8`. */
const NO_ORIGIN_ADDS = Int32Array.from({ length: 256 }, (_, low) => {
  let hash = low;
  for (let i = 0; i < 8; i++) hash = byte(hash, 0xff);
  return hash - Math.imul(low, PRIME_8);
});

function byte(hash: number, value: number): number {
  return Math.imul(hash ^ (value & 0xff), FNV_PRIME);
}

function u32(hash: number, value: number): number {
  return byte(byte(byte(byte(hash, value), value >>> 8), value >>> 16), value >>> 24);
}

function noOrigin(hash: number): number {
  return (Math.imul(hash, PRIME_8) + NO_ORIGIN_ADDS[hash & 0xff]!) | 0;
}

/** The upper half of an address, which seldom has more than one byte. */
function upperHalf(hash: number, value: number): number {
  return value < 256 ? Math.imul(hash ^ value, PRIME_4) : u32(hash, value);
}

/** A size; it is negative behind the end of an allocation, and else below 2^24. */
function size(hash: number, value: number): number {
  return value < 0 ? u32(hash, value) : Math.imul(byte(byte(hash, value), value >>> 8) ^ (value >>> 16), PRIME_2);
}

/** Hashes of free counters, sizes, originals and padding of all slots: names are the format's. */
export interface SlotHashes {
  readonly hl: number;
  readonly ha: number;
  readonly ho: number;
  readonly hp: number;
}

/** `counters` are the free counters of the table's slots. */
export function slotHashes(table: SlotTable, counters: Uint16Array): SlotHashes {
  const { slots } = table;
  let [hl, ha, ho, hp] = [FNV_OFFSET, FNV_OFFSET, FNV_OFFSET, FNV_OFFSET];
  // Slots are visited in order, so what an allocation recorded in its first slots serves for all of them.
  let bytes = 0;
  let low = 0;
  let high = NO_ORIGIN;
  for (let slot = 0; slot < slots; slot++) {
    const counter = counters[slot]!;
    // Counters and padding are 16 bits wide and below 256.
    hl = Math.imul(hl ^ counter, PRIME_2);
    if (counter !== 0) {
      ha = Math.imul(ha, PRIME_4);
      ho = noOrigin(ho);
      hp = Math.imul(hp, PRIME_2);
      continue;
    }
    const isFirst = table.isFirst(slot);
    const pad = isFirst ? 0 : table.padSlots(slot);
    bytes = isFirst ? table.bytesAt(slot) : bytes - SLOT_SIZE;
    if (isFirst || pad !== 0) {
      const origin = table.origin(slot);
      high = origin === NO_ORIGIN ? NO_ORIGIN : Math.floor(origin / 2 ** 32);
      low = origin | 0;
    } else if (high !== NO_ORIGIN) {
      low = (low + SLOT_SIZE) | 0;
      if (low >>> 0 < SLOT_SIZE) high++;
    }
    ha = size(ha, bytes);
    ho = high === NO_ORIGIN ? noOrigin(ho) : upperHalf(u32(ho, low), high);
    hp = Math.imul(hp ^ pad, PRIME_2);
  }
  return { hl: hl >>> 0, ha: ha >>> 0, ho: ho >>> 0, hp: hp >>> 0 };
}
