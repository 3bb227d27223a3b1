/**
 * Hashes over what Linux would store in each slot of a slot pool, as snapshots of oracle traces hold them: 32-bit
 * FNV-1a, byte by byte, little endian. See docs/spec/traces.md#snapshot. Half the time of a replay is spent here, so
 * known bytes are not hashed one by one: a zero only multiplies, and the effect of a run of equal bytes on a hash
 * depends on the hash's lowest byte alone, apart from a factor.
 */
import { NO_ORIGIN, type SlotTable } from '../../swiotlb/slots/slot-table.js';
import { SLOT_SIZE } from '../../units.js';

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const PRIME_2 = Math.imul(FNV_PRIME, FNV_PRIME);
const PRIME_4 = Math.imul(PRIME_2, PRIME_2);
const PRIME_8 = Math.imul(PRIME_4, PRIME_4);

/**
 * What "no original", eight bytes of ones, adds to the hash times `PRIME_8`; indexed by the lowest byte of the hash.
 */
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

/** Hashes the upper half of an address, which rarely has more than one byte. */
function upperHalf(hash: number, value: number): number {
  return value < 256 ? Math.imul(hash ^ value, PRIME_4) : u32(hash, value);
}

/** Hashes a size, which is negative after the end of an allocation, and below 2^24 otherwise. */
function size(hash: number, value: number): number {
  return value < 0 ? u32(hash, value) : Math.imul(byte(byte(hash, value), value >>> 8) ^ (value >>> 16), PRIME_2);
}

/** Hashes of the free counters, sizes, originals and padding of all slots, by their names in the format. */
export interface SlotHashes {
  readonly hl: number;
  readonly ha: number;
  readonly ho: number;
  readonly hp: number;
}

export function slotHashes(table: SlotTable): SlotHashes {
  const { slots } = table;
  let [hl, ha, ho, hp] = [FNV_OFFSET, FNV_OFFSET, FNV_OFFSET, FNV_OFFSET];
  let slot = 0;
  while (slot < slots) {
    // Counters and padding are 16 bits wide and below 256.
    for (let free = table.freeCounter(slot); free > 0; free--, slot++) {
      hl = Math.imul(hl ^ free, PRIME_2);
      ha = Math.imul(ha, PRIME_4);
      ho = noOrigin(ho);
      hp = Math.imul(hp, PRIME_2);
    }
    if (slot === slots || table.isFree(slot)) continue; // the next segment is free too
    // The records in an allocation's first slots give the values of all its slots.
    let bytes = table.bytesAt(slot);
    let pad = 0;
    let origin = table.origin(slot);
    let hasOrigin = origin !== NO_ORIGIN;
    let low = origin | 0;
    let high = (origin / 2 ** 32) | 0;
    for (;;) {
      hl = Math.imul(hl, PRIME_2);
      ha = size(ha, bytes);
      ho = hasOrigin ? upperHalf(u32(ho, low), high) : noOrigin(ho);
      hp = Math.imul(hp ^ pad, PRIME_2);
      if (++slot === slots || table.isFirst(slot) || table.isFree(slot)) break;
      bytes -= SLOT_SIZE;
      pad = table.padSlots(slot);
      if (pad === 0) {
        low = (low + SLOT_SIZE) | 0;
        if (low >>> 0 < SLOT_SIZE) high = (high + 1) | 0;
      } else {
        origin = table.origin(slot);
        hasOrigin = true;
        low = origin | 0;
        high = (origin / 2 ** 32) | 0;
      }
    }
  }
  return { hl: hl >>> 0, ha: ha >>> 0, ho: ho >>> 0, hp: hp >>> 0 };
}
