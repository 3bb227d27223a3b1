/**
 * Where socket pages come from: the first of the three parts that designs differ in.
 * Models: alloc_pages with the per-CPU page lists in front of the zone (mm/page_alloc.c), and the patch's
 * swiotlb_alloc_pages; the transmit path's specification, sections 1.2 and 2.6 to 2.10.
 * Threads: `alloc` and `free` on any CPU; per-CPU lists are touched by their CPU only.
 */

import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import type { SwiotlbDevice } from '../swiotlb/config.js';
import { NO_ADDRESS, type Swiotlb } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE, SLOT_SIZE } from '../units.js';
import { Buddy } from './buddy.js';
import { NO_PAGE, type PageTable } from './page-table.js';
import { PAGE_TYPE } from './page-type.js';

export interface PageSource {
  /** 2^order pages as one compound page with one reference, or `NO_PAGE`. Never sleeps. */
  alloc(cpu: Cpu, order: number): number;
  /** Takes back what `alloc` answered, once its last reference is gone. */
  free(cpu: Cpu, pfn: number): void;
}

/** Order of a socket fragment page, 32 KiB, and of its fall-back. */
export const FRAG_ORDER = 3;

const LIST_BLOCKS = 32;
const LIST_BATCH = 16;
const COUNT_EVERY = 32;
const FRAG_SLOTS = (PAGE_SIZE << FRAG_ORDER) / SLOT_SIZE;
/** What a bounced skb of the largest size takes at most: its header, and three fragments aligned to pages. */
const LARGEST_SKB_SLOTS = 3 * FRAG_SLOTS;

const LIST_STRIDE = 64; // count, then LIST_BLOCKS blocks, rounded up to whole lines

/** Ordinary memory: the zone's buddy lists behind per-CPU last-in-first-out lists for orders 0 and 3. */
export class SystemPages implements PageSource {
  readonly #pages: PageTable;
  readonly #buddy: Buddy;
  readonly #lists: Int32Array;

  constructor(arena: Arena, pages: PageTable, firstPfn: number, count: number, cpus: number) {
    this.#pages = pages;
    this.#buddy = new Buddy(arena, firstPfn, count);
    this.#lists = arena.int32(cpus * 2 * LIST_STRIDE);
  }

  reset(): void {
    this.#buddy.reset();
    this.#lists.fill(0);
  }

  /** Free pages, those on per-CPU lists included; exact when no CPU is at work. */
  get freePages(): number {
    let free = this.#buddy.freePages;
    for (let at = 0; at < this.#lists.length; at += LIST_STRIDE) {
      free += this.#lists[at]! << (at % (2 * LIST_STRIDE) === 0 ? 0 : FRAG_ORDER);
    }
    return free;
  }

  alloc(cpu: Cpu, order: number): number {
    const lists = this.#lists;
    const at = (cpu.id * 2 + (order === FRAG_ORDER ? 1 : 0)) * LIST_STRIDE;
    let count = lists[at]!;
    if (count === 0) count = this.#buddy.allocBulk(order, lists, at + 1, LIST_BATCH, cpu);
    if (count === 0) return NO_PAGE;
    const pfn = lists[at + count]!;
    lists[at] = count - 1;
    this.#pages.compound(pfn, order);
    return pfn;
  }

  /** @throws ERR_WRONG_KIND for a block of any type: whoever owns it would not hear of it */
  free(cpu: Cpu, pfn: number): void {
    const lists = this.#lists;
    this.#pages.assertUntyped(pfn);
    const order = this.#pages.split(pfn);
    const at = (cpu.id * 2 + (order === FRAG_ORDER ? 1 : 0)) * LIST_STRIDE;
    let count = lists[at]!;
    if (count === LIST_BLOCKS) {
      // The coldest ones go back: the bottom of the list.
      this.#buddy.freeBulk(order, lists, at + 1, LIST_BATCH, cpu);
      lists.copyWithin(at + 1, at + 1 + LIST_BATCH, at + 1 + LIST_BLOCKS);
      count -= LIST_BATCH;
    }
    lists[at + count + 1] = pfn;
    lists[at] = count + 1;
  }
}

/** Pages carved from slots of the bounce pool: what is written there needs no second copy. */
export class BouncePages implements PageSource {
  readonly #pages: PageTable;
  readonly #swiotlb: Swiotlb;
  readonly #device: SwiotlbDevice;
  readonly #owner: number;
  /** Occupancy of the pool, ordinary bounces included, from which on no more pages are given out; 0..90. */
  readonly percent: number;
  /** Allocations from one count of the used slots to the next. */
  readonly #countEvery: number;
  /** Used slots when they were last counted, plus what was taken here since: never below what this CPU uses. */
  #used = 0;
  #untilCount = 0;

  /** `owner` is what the private word of each page says: a device's number, not 0. */
  constructor(pages: PageTable, swiotlb: Swiotlb, device: SwiotlbDevice, owner: number, percent: number) {
    this.#pages = pages;
    this.#swiotlb = swiotlb;
    this.#device = device;
    this.#owner = owner;
    this.percent = Math.min(Math.max(percent, 0), 90);
    const reserve = Math.floor((swiotlb.slots * (100 - this.percent)) / 100) - LARGEST_SKB_SLOTS;
    const blocks = Math.floor(reserve / FRAG_SLOTS / swiotlb.pool.areas.count); // that each CPU may take too many
    this.#countEvery = Math.min(Math.max(blocks, 0), COUNT_EVERY - 1) + 1;
  }

  alloc(cpu: Cpu, order: number): number {
    if (!this.#hasShare()) return NO_PAGE;
    const bytes = PAGE_SIZE << order;
    const address = this.#swiotlb.allocLasting(this.#device, bytes, cpu);
    if (address === NO_ADDRESS) return NO_PAGE;
    const pfn = (address / PAGE_SIZE) | 0;
    this.#pages.setType(pfn, PAGE_TYPE.zeroCopySwiotlb, this.#owner);
    this.#pages.compound(pfn, order);
    this.#used += bytes / SLOT_SIZE;
    return pfn;
  }

  /**
   * Counting reads a line of every area, and takes it from the CPU that is at work there; so it is done for one
   * allocation in 32, and whenever the last count says no. Others may overshoot the limit by as much meanwhile, but in a
   * pool so small that this would leave no slots for headers, and for skbs that have to be bounced, it is done more often:
   * what cannot be mapped is not acknowledged either, and the slots would stay taken.
   */
  #hasShare(): boolean {
    const limit = this.percent * this.#swiotlb.slots;
    if (this.#untilCount-- > 0 && limit > this.#used * 100) return true;
    this.#untilCount = this.#countEvery - 1;
    this.#used = this.#swiotlb.used();
    return limit > this.#used * 100;
  }

  /** The type goes before the slots: once they are free, another CPU may own the memory and set its own. */
  free(cpu: Cpu, pfn: number): void {
    this.#pages.split(pfn);
    this.#pages.clearType(pfn, PAGE_TYPE.zeroCopySwiotlb);
    this.#swiotlb.free(this.#device, pfn * PAGE_SIZE, cpu);
  }
}
