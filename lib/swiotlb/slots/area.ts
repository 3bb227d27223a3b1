/**
 * Areas: equal parts of a slot pool, each with a lock and a next-fit cursor of its own.
 * Models: struct io_tlb_area (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#state.
 * Owner of an area's words: the CPU that holds its lock. Threads: any.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { contentions, LOCK_WORDS, lock, unlock, waitedNs } from '../../smp/spin-lock.js';

// Local constants: docs/design/0008-constants-and-records.md.
const take = lock;
const drop = unlock;
const STRIDE = 32; // a cache line of its own, because areas are used by different CPUs
const USED = LOCK_WORDS;
const INDEX = USED + 1;

/** Lock contention of an area since the machine started. */
export interface AreaContention {
  /** Acquisitions of the lock that had to wait. */
  readonly waits: number;
  /** Nanoseconds that they waited, together. */
  readonly waitNs: number;
}

/** The areas of one slot pool, by number from 0. */
export class Areas {
  /** How many there are. */
  readonly count: number;
  readonly #words: Int32Array;

  constructor(arena: Arena, count: number) {
    this.count = count;
    this.#words = arena.int32(count * STRIDE);
  }

  /** Unlocks and empties all areas. One thread, before any other uses them. */
  reset(): void {
    this.#words.fill(0);
  }

  /** Takes the lock of an area, and spins until it is free. @throws ERR_LOCK_STALLED */
  lock(cpu: Cpu, area: number): void {
    take(cpu, this.#words, area * STRIDE);
  }

  /** Releases the lock of an area. The CPU that holds it. */
  unlock(area: number): void {
    drop(this.#words, area * STRIDE);
  }

  /** Allocated slots, padding included. May be stale when read without the lock. */
  used(area: number): number {
    return this.#words[area * STRIDE + USED]!;
  }

  /** The slot at which the next search starts, relative to the area. */
  index(area: number): number {
    return this.#words[area * STRIDE + INDEX]!;
  }

  /** How much CPUs waited for the lock of each area. May be stale: the locks are not taken. */
  contention(): AreaContention[] {
    const words = this.#words;
    const areas: AreaContention[] = [];
    for (let at = 0; at < words.length; at += STRIDE) {
      areas.push({ waits: contentions(words, at), waitNs: waitedNs(words, at) });
    }
    return areas;
  }

  /** Counts slots as allocated, and lets the next search start at `index`. */
  advance(area: number, slots: number, index: number): void {
    const at = area * STRIDE + USED;
    this.#words[at] = this.#words[at]! + slots;
    this.#words[at + 1] = index;
  }

  /** Counts slots as allocated; negative: as freed. The caller holds the lock. */
  addUsed(area: number, slots: number): void {
    const at = area * STRIDE + USED;
    this.#words[at] = this.#words[at]! + slots;
  }
}
