/**
 * The numbers of a page pool's mappings: those that are still there when the page pool is destroyed are unmapped then,
 * although their pages have not come back.
 * Models: the dma_mapped table of struct page_pool, an xarray: docs/spec/tx-path.md#page-pool-mechanics.
 * A new mapping gets the lowest number that is free, from 1. Deviation: the numbers are limited.
 * Threads: any CPU. Numbers are given out and given back under a lock; which of two CPUs unmaps is decided by one
 * compare-exchange.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../../smp/spin-lock.js';

const LOCK = 0;
/** The first word of the map of numbers that may have a free one. */
const FIRST = LOCK_WORDS;
const COUNT = LOCK_WORDS + 1;
const STATE_WORDS = LOCK_WORDS + 2;
const BITS = 32;
const FREE = 0;

/** No number: there is none left. */
export const NO_INDEX = 0;

export class MappingIndex {
  readonly #state: Int32Array;
  /** One bit for each number; set: given out. Bit 0 is for number 0, which no mapping gets. */
  readonly #bits: Int32Array;
  /** By number, the page and one. */
  readonly #pages: Int32Array;
  readonly #end: number;

  /** `limit` is the largest number. */
  constructor(arena: Arena, limit: number) {
    this.#end = limit + 1;
    this.#state = arena.int32(STATE_WORDS);
    this.#bits = arena.int32(Math.ceil(this.#end / BITS));
    this.#pages = arena.int32(this.#end);
  }

  reset(): void {
    this.#state.fill(0);
    this.#bits.fill(0);
    this.#bits[0] = 1;
    this.#pages.fill(FREE);
  }

  /** Mappings that have a number; exact when no CPU is at work. */
  get count(): number {
    return Atomics.load(this.#state, COUNT);
  }

  /** Returns the number of a new mapping, or `NO_INDEX`. */
  add(cpu: Cpu, pfn: number): number {
    lock(cpu, this.#state, LOCK);
    const index = this.#lowestFree();
    if (index !== NO_INDEX) {
      this.#bits[index >>> 5]! |= 1 << (index & 31);
      Atomics.store(this.#pages, index, pfn + 1);
      Atomics.add(this.#state, COUNT, 1);
    }
    unlock(this.#state, LOCK);
    return index;
  }

  /** Gives a number back. False if the page does not have it any more: another CPU was first, and unmaps. */
  remove(cpu: Cpu, index: number, pfn: number): boolean {
    if (Atomics.compareExchange(this.#pages, index, pfn + 1, FREE) !== pfn + 1) return false;
    lock(cpu, this.#state, LOCK);
    this.#bits[index >>> 5]! &= ~(1 << (index & 31));
    if (index >>> 5 < this.#state[FIRST]!) this.#state[FIRST] = index >>> 5;
    Atomics.sub(this.#state, COUNT, 1);
    unlock(this.#state, LOCK);
    return true;
  }

  /** The pages that have numbers, in the order of these. */
  *pages(): Generator<number> {
    for (let index = 1; index < this.#end && this.count > 0; index++) {
      const page = Atomics.load(this.#pages, index);
      if (page !== FREE) yield page - 1;
    }
  }

  #lowestFree(): number {
    const bits = this.#bits;
    let at = this.#state[FIRST]!;
    while (at < bits.length && bits[at] === -1) at++;
    this.#state[FIRST] = at;
    if (at === bits.length) return NO_INDEX;
    const free = ~bits[at]!;
    const index = at * BITS + (31 - Math.clz32(free & -free));
    return index < this.#end ? index : NO_INDEX;
  }
}
