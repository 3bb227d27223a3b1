/**
 * Memory for pools that a slot allocator adds: a zone of its own, so that what growth takes can be told from what
 * sockets take.
 * Models: alloc_pages and __free_pages as alloc_dma_pages and swiotlb_free_tlb call them (kernel/dma/swiotlb.c): whoever
 * has a block holds one reference to its first page. Deviations: there is one zone, whichever is
 * asked for, so the caller finds out whether a block lies within its limit; nothing is ever reclaimed, so whoever may
 * sleep gains nothing by it.
 * Threads: any; every call holds the zone's lock.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { type BlockSource, NO_BLOCK, type Zone } from '../swiotlb/pools/block-source.js';
import { PAGE_SIZE } from '../units.js';
import { Buddy } from './buddy.js';
import type { PageTable } from './page-table.js';

/** Of the largest block: that of the largest pool that can be added, 4 MiB. */
export const GROWTH_ORDER = 10;
/** What the memory is aligned to, bytes, so that its blocks are. */
export const GROWTH_ALIGN = PAGE_SIZE << GROWTH_ORDER;

export class GrowthBlocks implements BlockSource {
  readonly #pages: PageTable;
  readonly #buddy: Buddy;
  /** Of this thread: where the buddy lists leave a block, and find one. */
  readonly #block = new Int32Array(1);

  /** `start` is a physical address, a multiple of `GROWTH_ALIGN`; `bytes` a multiple of the page size. */
  constructor(arena: Arena, pages: PageTable, start: number, bytes: number) {
    this.#pages = pages;
    this.#buddy = new Buddy(arena, start / PAGE_SIZE, bytes / PAGE_SIZE, GROWTH_ORDER);
  }

  reset(): void {
    this.#buddy.reset();
  }

  /** Exact when nobody is at work. */
  get freePages(): number {
    return this.#buddy.freePages;
  }

  get pages(): number {
    return this.#buddy.pages;
  }

  alloc(cpu: Cpu, order: number, _zone: Zone, _maySleep: boolean): number {
    if (this.#buddy.allocBulk(cpu, order, this.#block, 0, 1) === 0) return NO_BLOCK;
    this.#pages.setRefs(this.#block[0]!, 1);
    return this.#block[0]! * PAGE_SIZE;
  }

  /** @throws ERR_DOUBLE_FREE when somebody has dropped the reference already */
  free(cpu: Cpu, address: number, order: number): void {
    this.#pages.put(address / PAGE_SIZE);
    this.#block[0] = address / PAGE_SIZE;
    this.#buddy.freeBulk(cpu, order, this.#block, 0, 1);
  }
}
