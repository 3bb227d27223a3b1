/**
 * The counters of an allocator, as /sys/kernel/debug/swiotlb shows them.
 * Models: used_hiwater, total_used and transient_nslabs of io_tlb_mem. See docs/spec/swiotlb.md#counters.
 * Exact counters are words that every allocation writes. A machine that is measured runs without them, like a Linux
 * without debugfs; the number of used slots is then the sum over areas.
 * Threads: any.
 */
import type { Arena } from '../../smp/arena.js';
import type { AreaContention } from './area.js';

const USED = 0;
const HIGH_WATER = 1;
const TRANSIENT = 2;
const TOTAL = 3;

/** The counters that debugfs shows, by the names that they have there. */
export interface SwiotlbStatistics {
  /** Slots of all listed slot pools. */
  readonly io_tlb_nslabs: number;
  /** Allocated slots, padding and transient pools included; may exceed `io_tlb_nslabs`. */
  readonly io_tlb_used: number;
  /** Largest `io_tlb_used` since the start or the last reset; 0 without exact counters. */
  readonly io_tlb_used_hiwater: number;
  /** Slots of transient pools that exist. */
  readonly io_tlb_transient_nslabs: number;
  /** Lock contention of each area of each listed slot pool, the boot pool last. Linux does not show it. */
  readonly areas: readonly (readonly AreaContention[])[];
}

/** The exact counters of an allocator. Threads: any; each count is atomic. */
export class Counters {
  readonly #words: Int32Array;

  constructor(arena: Arena) {
    this.#words = arena.int32(4);
  }

  /** Empties all counts, and enters the slots of the boot pool. One thread, before any other counts. */
  reset(slots: number): void {
    this.#words.fill(0);
    this.#words[TOTAL] = slots;
  }

  /** Allocated slots, padding and transient pools included. */
  get used(): number {
    return Atomics.load(this.#words, USED);
  }

  /** Largest `used` since the last reset of the mark. */
  get highWater(): number {
    return Atomics.load(this.#words, HIGH_WATER);
  }

  /** Slots of transient pools that exist. */
  get transient(): number {
    return Atomics.load(this.#words, TRANSIENT);
  }

  /** Slots of listed slot pools. */
  get slots(): number {
    return Atomics.load(this.#words, TOTAL);
  }

  /** Counts slots as allocated, and raises the high water mark if it is passed. */
  addUsed(slots: number): void {
    const used = Atomics.add(this.#words, USED, slots) + slots;
    let high = this.highWater;
    while (used > high) {
      const seen = Atomics.compareExchange(this.#words, HIGH_WATER, high, used);
      if (seen === high) return;
      high = seen;
    }
  }

  /** Counts slots as freed. */
  subtractUsed(slots: number): void {
    Atomics.sub(this.#words, USED, slots);
  }

  /** Counts slots of a transient pool that was made; negative: of one that was removed. */
  addTransient(slots: number): void {
    Atomics.add(this.#words, TRANSIENT, slots);
  }

  /** Counts slots of a slot pool that was added. */
  addSlots(slots: number): void {
    Atomics.add(this.#words, TOTAL, slots);
  }

  /** Resets the mark to 0, not to the present use, as writing 0 to the file in debugfs does. */
  resetHighWater(): void {
    Atomics.store(this.#words, HIGH_WATER, 0);
  }
}
