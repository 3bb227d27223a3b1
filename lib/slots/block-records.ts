/**
 * What is allocated, in one word for each slot. This is the truth of a checked slot pool: a block exists from the
 * instant at which its word is written until that at which it is claimed by the thread that frees it. The tables of
 * `SlotPool` follow, and are computed anew from it where a thread has ended between the two.
 * Threads: the caller holds the lock of the area; `bytesAt` and `blockOf` any, for blocks that the caller was given.
 */
import { CopytaxError } from '../errors.js';
import { shown } from '../limits.js';
import type { Arena } from '../smp/arena.js';
import type { SlotPool } from '../swiotlb/slots/slot-pool.js';
import { SEGMENT_SLOTS, slotsOf } from '../units.js';

/** What `claim` returns where no block begins: none ever did, or it has been freed. */
export const NEVER = 0;
export const FREED = -1;

export class BlockRecords {
  /** Of the first slot of a block its bytes; `FREED` where a block has begun before, else `NEVER`. */
  readonly #bytes: Int32Array;
  /** Of the first slot of a block the token of the handle that took it. Stale in all other slots. */
  readonly #taker: Int32Array;

  constructor(arena: Arena, slots: number) {
    this.#bytes = arena.int32(slots);
    this.#taker = arena.int32(slots);
  }

  /** Records a block that the handle with this token takes. */
  begin(slot: number, bytes: number, taker: number): void {
    this.#taker[slot] = taker;
    Atomics.store(this.#bytes, slot, bytes);
  }

  /** Ends all blocks of one taker that begin at the slots `from` to `to - 1`. Returns their bytes. */
  endBlocksOf(taker: number, from: number, to: number): number {
    let bytes = 0;
    for (let slot = from; slot < to; slot++) {
      if (this.bytesAt(slot) > 0 && this.#taker[slot] === taker) bytes += this.claim(slot);
    }
    return bytes;
  }

  /** Ends the block that begins at this slot, for one caller only. Returns its bytes, or `NEVER` or `FREED`. */
  claim(slot: number): number {
    const bytes = Atomics.load(this.#bytes, slot);
    if (bytes <= 0) return bytes;
    return Atomics.compareExchange(this.#bytes, slot, bytes, FREED) === bytes ? bytes : FREED;
  }

  /** The bytes of the block that begins at this slot; 0 or less if none does. */
  bytesAt(slot: number): number {
    return this.#bytes[slot]!;
  }

  /** The first slot of the block that this slot is part of; -1 if it is part of none. */
  blockOf(slot: number): number {
    const segment = slot - (slot % SEGMENT_SLOTS); // no block crosses one
    for (let first = slot; first >= segment; first--) {
      const bytes = this.bytesAt(first);
      if (bytes > 0) return first + slotsOf(bytes) > slot ? first : -1;
    }
    return -1;
  }

  /** Makes the tables of an area agree with the records, whatever state they are in. */
  repair(pool: SlotPool, area: number): void {
    const { areas, table, areaSlots } = pool;
    const begin = area * areaSlots;
    const end = begin + areaSlots;
    for (let slot = begin; slot < end; slot++) table.release(slot, slot, 1);
    let used = 0;
    for (let slot = begin; slot < end; ) {
      const bytes = this.bytesAt(slot);
      const count = bytes > 0 ? slotsOf(bytes) : 1;
      if (bytes > 0) table.take(slot, count, bytes);
      if (bytes > 0) used += count;
      slot += count;
    }
    const index = areas.index(area);
    areas.advance(area, used - areas.used(area), index >= 0 && index < areaSlots ? index : 0);
    areas.unlock(area);
  }
}

/** The error about an offset at which no block begins; `claimed` tells whether one has begun there before. */
export function noBlock(offset: number, claimed: number = NEVER): CopytaxError {
  const [code, why] =
    claimed === FREED
      ? (['ERR_DOUBLE_FREE', 'the block there has been freed before'] as const)
      : (['ERR_BAD_ADDRESS', 'none was allocated there'] as const);
  return new CopytaxError(code, `no block begins at offset ${shown(offset)}: ${why}`, { offset });
}
