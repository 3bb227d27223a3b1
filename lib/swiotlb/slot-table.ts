/**
 * The slots of one pool as columns: which are free, and what each allocated one records.
 * Models: struct io_tlb_slot (kernel/dma/swiotlb.c). Deviation: a bitmap of free slots instead of a counter per slot.
 * The counters are a function of the bitmap ("consecutive free slots from here to the end of the segment"), so
 * decisions are the same, and neither taking nor giving back slots rewrites the free slots beside them.
 * Owner of a slot's columns: whoever holds the slot; of the bitmap: whoever holds the lock of the slot's area, which
 * is a whole number of segments and therefore of words.
 */
import type { Arena } from '../smp/arena.js';
import { SEGMENT_SLOTS, SLOT_SIZE } from '../units.js';

/** "No original": the origin of slots that no mapping has. */
export const NO_ORIGIN = -1;

const WORD_SLOTS = 32;
const IN_SEGMENT = SEGMENT_SLOTS - 1;

export class SlotTable {
  readonly slots: number;
  /** One bit a slot, 1 = free. */
  readonly free: Int32Array;
  /** Bytes from this slot's data position to the end of the allocation; may be negative in the last slot. */
  readonly allocBytes: Int32Array;
  /** Physical address that this slot bounces for, or `NO_ORIGIN`. */
  readonly origin: Float64Array;
  /** Padding slots before this one; set in the first data slot only. */
  readonly padSlots: Uint8Array;

  constructor(arena: Arena, slots: number) {
    this.slots = slots;
    this.free = arena.int32(Math.ceil(slots / WORD_SLOTS));
    this.allocBytes = arena.int32(slots);
    this.origin = arena.float64(slots);
    this.padSlots = arena.uint8(slots);
  }

  reset(): void {
    this.free.fill(-1);
    const tail = this.slots % WORD_SLOTS;
    if (tail !== 0) this.free[this.free.length - 1] = (1 << tail) - 1;
    this.allocBytes.fill(0);
    this.origin.fill(NO_ORIGIN);
    this.padSlots.fill(0);
  }

  isFree(slot: number): boolean {
    return (this.free[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  /** Are `count` slots from `slot` on free, and in one segment? Hot path. */
  isRunFree(slot: number, count: number): boolean {
    if ((slot & IN_SEGMENT) + count > SEGMENT_SLOTS) return false;
    const { free } = this;
    let word = slot >>> 5;
    const bit = slot & 31;
    if (bit + count <= WORD_SLOTS) {
      const mask = bits(count) << bit;
      return (free[word]! & mask) === mask;
    }
    const head = -1 << bit;
    if ((free[word]! & head) !== head) return false;
    let left = count - (WORD_SLOTS - bit);
    while (left >= WORD_SLOTS) {
      if (free[++word] !== -1) return false;
      left -= WORD_SLOTS;
    }
    const mask = bits(left);
    return left === 0 || (free[word + 1]! & mask) === mask;
  }

  /**
   * The free counter that Linux stores in this slot: consecutive free slots from here to the end of the segment,
   * 0 when it is allocated. For snapshots and tests.
   */
  freeCounter(slot: number): number {
    const end = Math.min(slot - (slot & IN_SEGMENT) + SEGMENT_SLOTS, this.slots);
    let run = 0;
    while (slot + run < end && this.isFree(slot + run)) run++;
    return run;
  }

  /** Marks `count` free slots as allocated and records `bytes` - i * 2048 in the i-th. Under the area's lock. */
  take(slot: number, count: number, bytes: number): void {
    this.#flip(slot, count, false);
    const { allocBytes } = this;
    for (let i = 0; i < count; i++) allocBytes[slot + i] = bytes - i * SLOT_SIZE;
  }

  /** Forgets `count` allocated slots and marks them free. Under the area's lock. */
  give(slot: number, count: number): void {
    const { allocBytes, origin, padSlots } = this;
    for (let i = slot; i < slot + count; i++) {
      allocBytes[i] = 0;
      origin[i] = NO_ORIGIN;
      padSlots[i] = 0;
    }
    this.#flip(slot, count, true);
  }

  #flip(slot: number, count: number, toFree: boolean): void {
    const { free } = this;
    let word = slot >>> 5;
    let bit = slot & 31;
    let left = count;
    while (left > 0) {
      const here = Math.min(left, WORD_SLOTS - bit);
      const mask = bits(here) << bit;
      free[word] = toFree ? free[word]! | mask : free[word]! & ~mask;
      left -= here;
      word++;
      bit = 0;
    }
  }
}

/** `count` low bits, 0..32. */
function bits(count: number): number {
  return count === WORD_SLOTS ? -1 : (1 << count) - 1;
}
