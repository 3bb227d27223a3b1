/**
 * The slots of one pool as columns: which are free, and what each allocation records.
 * Models: struct io_tlb_slot (kernel/dma/swiotlb.c). Deviation: Linux keeps a counter of free slots, an original
 * address and a size in every slot. Here a bitmap tells which slots are free, and an allocation records its size and
 * its original once; what Linux stores in a slot is a function of these, and the methods here answer it. Decisions are
 * the same, and neither taking nor giving back slots rewrites their neighbours.
 * Owner of an allocation's records: whoever holds the allocation; of the bitmap: whoever holds the lock of the slots'
 * area, which is a whole number of segments and therefore of words.
 */
import { Arena } from '../../smp/arena.js';
import { SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { findRun, isRunFree, SEGMENT_WORDS } from './free-runs.js';

/** "No original": the origin of slots that no mapping has. */
export const NO_ORIGIN = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const find = findRun;
// A slot's record and its original lie side by side: next-fit search makes both cold, and one miss is enough.
const SLOT = Arena.record({ record: 'i32', origin: 'f64' });
const RECORD_SHIFT = Math.log2(SLOT.stride);
const ORIGIN_SHIFT = Math.log2(SLOT.doubleStride);
const ORIGIN = SLOT.at.origin;
const HAS_ORIGIN = 1 << 30;
const PADDED = 1 << 29;
const BYTES = PADDED - 1;
const IN_SEGMENT = SEGMENT_SLOTS - 1;

export class SlotTable {
  readonly slots: number;
  /** One bit a slot, 1 = free. */
  readonly #free: Int32Array;
  /**
   * In the first slot of an allocation: bytes from its first data byte to its end, whether it has an original, and
   * whether it is padding. In the first data slot, if there are padding slots before it: minus their number. 0 everywhere
   * else.
   */
  readonly #record: Int32Array;
  /** In the first data slot of an allocation that has an original: its physical address. Stale in all other slots. */
  readonly #origin: Float64Array;

  constructor(arena: Arena, slots: number) {
    this.slots = slots;
    this.#free = arena.int32(Math.ceil(slots / SEGMENT_SLOTS) * SEGMENT_WORDS);
    const { words, doubles } = arena.records(SLOT, slots);
    this.#record = words;
    this.#origin = doubles;
  }

  reset(): void {
    this.#free.fill(0);
    this.#flip(0, this.slots, true);
    this.#record.fill(0);
  }

  isFree(slot: number): boolean {
    return (this.#free[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  /** Are `count` slots from `slot` on free, and in one segment? */
  isRunFree(slot: number, count: number): boolean {
    return isRunFree(this.#free, slot, count);
  }

  /** `findRun` among the slots of this table. */
  findRun(first: number, end: number, count: number, stride: number): number {
    return find(this.#free, first, end, count, stride);
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

  /** Marks `count` free slots as one allocation without an original. Under the area's lock. */
  take(first: number, count: number, bytes: number): void {
    const free = this.#free;
    const bit = first & 31;
    // Most runs lie in one word.
    if (bit + count <= 32) free[first >> 5] = free[first >> 5]! & ~((-1 >>> (32 - count)) << bit);
    else this.#flip(first, count, false);
    this.#record[first << RECORD_SHIFT] = bytes;
  }

  /** The allocation that begins at `first` bounces for `origin`, after `pad` slots of padding. Its owner. */
  setOrigin(first: number, pad: number, origin: number): void {
    this.#record[first << RECORD_SHIFT] =
      this.#record[first << RECORD_SHIFT]! | (pad === 0 ? HAS_ORIGIN : HAS_ORIGIN | PADDED);
    if (pad !== 0) this.#record[(first + pad) << RECORD_SHIFT] = -pad;
    this.#origin[((first + pad) << ORIGIN_SHIFT) + ORIGIN] = origin;
  }

  /**
   * Records so many bytes instead of those that were taken; there is no padding. Deviation: in Linux the slots behind the
   * first one would still say what they did. Its owner.
   */
  setBytes(first: number, bytes: number): void {
    this.#record[first << RECORD_SHIFT] = (this.#record[first << RECORD_SHIFT]! & ~BYTES) | bytes;
  }

  /** The first slot of the allocation whose first data slot is `data`; -1 when that is no such slot. */
  firstOf(data: number): number {
    if (data < 0 || data >= this.slots) return -1;
    const record = this.#record[data << RECORD_SHIFT]!;
    if (record === 0) return -1;
    if (record < 0) return data + record;
    return (record & PADDED) === 0 ? data : -1;
  }

  /** Is this the first slot of an allocation, padding or not? */
  isFirst(slot: number): boolean {
    return this.#record[slot << RECORD_SHIFT]! > 0;
  }

  /** What the first slot of an allocation recorded, bytes. */
  bytesAt(first: number): number {
    return this.#record[first << RECORD_SHIFT]! & BYTES;
  }

  /** Forgets the allocation from `first` to `data` and on, `count` slots, and marks them free. Under the area's lock. */
  give(first: number, data: number, count: number): void {
    this.#record[data << RECORD_SHIFT] = 0;
    this.#record[first << RECORD_SHIFT] = 0;
    const free = this.#free;
    const bit = first & 31;
    if (bit + count <= 32) free[first >> 5] = free[first >> 5]! | ((-1 >>> (32 - count)) << bit);
    else this.#flip(first, count, true);
  }

  /** What Linux records in this slot: padding slots before it, 0 except in the first data slot after padding. */
  padSlots(slot: number): number {
    return Math.max(0, -this.#record[slot << RECORD_SHIFT]!);
  }

  /** What Linux records in this slot: bytes from its data position to the end; 0 when it is free. */
  allocBytes(slot: number): number {
    if (this.isFree(slot)) return 0;
    const first = this.#firstBefore(slot);
    return this.bytesAt(first) - (slot - first) * SLOT_SIZE;
  }

  /** What Linux records in this slot: the address it bounces for, or `NO_ORIGIN` (padding, pages, free slots). */
  origin(slot: number): number {
    if (this.isFree(slot)) return NO_ORIGIN;
    const data = this.#dataBefore(slot);
    if (data < 0 || (this.#record[this.#firstBefore(data) << RECORD_SHIFT]! & HAS_ORIGIN) === 0) return NO_ORIGIN;
    return this.#origin[(data << ORIGIN_SHIFT) + ORIGIN]! + (slot - data) * SLOT_SIZE;
  }

  #firstBefore(slot: number): number {
    let first = slot;
    while (this.#record[first << RECORD_SHIFT]! <= 0) first--;
    return first;
  }

  /** The first data slot of the allocation that `slot` belongs to, or -1 when `slot` is padding. */
  #dataBefore(slot: number): number {
    let data = slot;
    while (this.#record[data << RECORD_SHIFT] === 0) data--;
    return this.#record[data << RECORD_SHIFT]! > 0 && (this.#record[data << RECORD_SHIFT]! & PADDED) !== 0 ? -1 : data;
  }

  #flip(slot: number, count: number, toFree: boolean): void {
    const free = this.#free;
    let word = slot >>> 5;
    let bit = slot & 31;
    let left = count;
    while (left > 0) {
      const here = Math.min(left, 32 - bit);
      const mask = (-1 >>> (32 - here)) << bit;
      free[word] = toFree ? free[word]! | mask : free[word]! & ~mask;
      left -= here;
      word++;
      bit = 0;
    }
  }
}
