/**
 * The slots of one slot pool as columns: which are free, and what each allocation records.
 * Models: struct io_tlb_slot (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#state. Deviation: Linux keeps a counter
 * of free slots, an original address and a size in every slot. Here a bitmap says which slots are free, and an
 * allocation records its size and its original once (docs/design/0002-free-bitmap.md). What Linux stores in a slot is a
 * function of these, which the methods here compute. Decisions are the same, and no neighbouring slot is rewritten.
 * Owner of an allocation's records: the thread that owns the allocation. Owner of the bitmap: the thread that holds the
 * lock of the area, which is a whole number of segments and therefore of words.
 */
import { Arena } from '../../smp/arena.js';
import { SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { findRun, isRunFree, SEGMENT_WORDS } from './free-runs.js';

/** The origin of slots that bounce for no original. */
export const NO_ORIGIN = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const find = findRun;
// A slot's record and its original lie side by side: next-fit search makes both cold, and one cache miss is enough.
const SLOT = Arena.record({ record: 'i32', origin: 'f64' });
const RECORD_SHIFT = Math.log2(SLOT.stride);
const ORIGIN_SHIFT = Math.log2(SLOT.doubleStride);
const ORIGIN = SLOT.at.origin;
const HAS_ORIGIN = 1 << 30;
const PADDED = 1 << 29;
const BYTES = PADDED - 1;
const IN_SEGMENT = SEGMENT_SLOTS - 1;

/** The slots of one slot pool, by number from 0. */
export class SlotTable {
  /** How many there are. */
  readonly slots: number;
  /** One bit for each slot, 1 = free. */
  readonly #free: Int32Array;
  /**
   * In the first slot of an allocation: bytes from its first data byte to its end, whether the allocation has an
   * original, and whether the slot is padding. In the first data slot after padding: the number of padding slots,
   * negative. 0 in all other slots.
   */
  readonly #record: Int32Array;
  /** In the first data slot of an allocation with an original: its physical address. Stale in all other slots. */
  readonly #origin: Float64Array;

  constructor(arena: Arena, slots: number) {
    this.slots = slots;
    this.#free = arena.int32(Math.ceil(slots / SEGMENT_SLOTS) * SEGMENT_WORDS);
    const { words, doubles } = arena.records(SLOT, slots);
    this.#record = words;
    this.#origin = doubles;
  }

  /** Frees all slots. One thread, before any other uses them. */
  reset(): void {
    this.#free.fill(0);
    this.#flip(0, this.slots, true);
    this.#record.fill(0);
  }

  /** True if the slot is free. */
  isFree(slot: number): boolean {
    return (this.#free[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  /** True if `count` slots from `slot` on are free and lie in one segment. */
  isRunFree(slot: number, count: number): boolean {
    return isRunFree(this.#free, slot, count);
  }

  /** Searches the slots of this table as `findRun` does. */
  findRun(first: number, end: number, count: number, stride: number): number {
    return find(this.#free, first, end, count, stride);
  }

  /**
   * The free counter that Linux stores in this slot: consecutive free slots from here up to the end of the segment, 0
   * when the slot is allocated. For snapshots and tests.
   */
  freeCounter(slot: number): number {
    const end = Math.min(slot - (slot & IN_SEGMENT) + SEGMENT_SLOTS, this.slots);
    let run = 0;
    while (slot + run < end && this.isFree(slot + run)) run++;
    return run;
  }

  /** Marks `count` free slots as one allocation without an original. The caller holds the area's lock. */
  take(first: number, count: number, bytes: number): void {
    const free = this.#free;
    const bit = first & 31;
    // Nearly all runs lie in one word.
    if (bit + count <= 32) free[first >> 5] = free[first >> 5]! & ~((-1 >>> (32 - count)) << bit);
    else this.#flip(first, count, false);
    this.#record[first << RECORD_SHIFT] = bytes;
  }

  /**
   * Records that the allocation at `first` bounces for `origin`, after `pad` slots of padding. The caller owns the
   * allocation.
   */
  setOrigin(first: number, pad: number, origin: number): void {
    this.#record[first << RECORD_SHIFT] =
      this.#record[first << RECORD_SHIFT]! | (pad === 0 ? HAS_ORIGIN : HAS_ORIGIN | PADDED);
    if (pad !== 0) this.#record[(first + pad) << RECORD_SHIFT] = -pad;
    this.#origin[((first + pad) << ORIGIN_SHIFT) + ORIGIN] = origin;
  }

  /**
   * Records another size for an allocation without padding. Deviation: in Linux the slots after the first one keep the
   * size that they recorded before. The caller owns the allocation.
   */
  setBytes(first: number, bytes: number): void {
    this.#record[first << RECORD_SHIFT] = (this.#record[first << RECORD_SHIFT]! & ~BYTES) | bytes;
  }

  /**
   * The first slot of the allocation whose first data slot is `data`; -1 when no allocation has that first data slot.
   */
  firstOf(data: number): number {
    if (data < 0 || data >= this.slots) return -1;
    const record = this.#record[data << RECORD_SHIFT]!;
    if (record === 0) return -1;
    if (record < 0) return data + record;
    return (record & PADDED) === 0 ? data : -1;
  }

  /** True for the first slot of an allocation, padding or not. */
  isFirst(slot: number): boolean {
    return this.#record[slot << RECORD_SHIFT]! > 0;
  }

  /** The bytes that the first slot of an allocation records. */
  bytesAt(first: number): number {
    return this.#record[first << RECORD_SHIFT]! & BYTES;
  }

  /**
   * Frees the `count` slots of the allocation at `first`, whose first data slot is `data`. The caller holds the area's
   * lock.
   */
  release(first: number, data: number, count: number): void {
    this.#record[data << RECORD_SHIFT] = 0;
    this.#record[first << RECORD_SHIFT] = 0;
    const free = this.#free;
    const bit = first & 31;
    if (bit + count <= 32) free[first >> 5] = free[first >> 5]! | ((-1 >>> (32 - count)) << bit);
    else this.#flip(first, count, true);
  }

  /** The padding slots that Linux records in this slot: 0 except in the first data slot after padding. */
  padSlots(slot: number): number {
    return Math.max(0, -this.#record[slot << RECORD_SHIFT]!);
  }

  /** The size that Linux records in this slot: bytes from its data position to the end; 0 when it is free. */
  allocBytes(slot: number): number {
    if (this.isFree(slot)) return 0;
    const first = this.#firstBefore(slot);
    return this.bytesAt(first) - (slot - first) * SLOT_SIZE;
  }

  /** The address that Linux records in this slot; `NO_ORIGIN` for padding, pages and free slots. */
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

  /** The first data slot of the allocation of `slot`, or -1 when `slot` is padding. */
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
