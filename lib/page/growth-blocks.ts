/**
 * Memory for the slot pools that an allocator adds: a zone of its own, so that memory taken by growth is told from
 * memory taken by sockets.
 * Models: alloc_pages and __free_pages as alloc_dma_pages and swiotlb_free_tlb call them (kernel/dma/swiotlb.c): a
 * block is held by one reference to its first page. Deviations: there is one zone, whichever is asked for, so the
 * caller checks whether a block lies within its limit; nothing is ever reclaimed, so a caller that may sleep gains
 * nothing by it.
 * Threads: any; every call takes the lock of the zone.
 */
import { GROWTH_ORDER } from '../model-limits.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { type BlockSource, NO_BLOCK, type Zone } from '../swiotlb/pools/block-source.js';
import { PAGE_SIZE } from '../units.js';
import { Buddy } from './buddy.js';
import type { PageTable } from './page-table.js';

export class GrowthBlocks implements BlockSource {
  readonly #pages: PageTable;
  readonly #buddy: Buddy;
  /** Of this thread: passes a block to the buddy lists and back. */
  readonly #block = new Int32Array(1);

  /** `start` is a physical address, a multiple of `GROWTH_ALIGN`; `bytes` a multiple of the page size. */
  constructor(arena: Arena, pages: PageTable, start: number, bytes: number) {
    this.#pages = pages;
    this.#buddy = new Buddy(arena, start / PAGE_SIZE, bytes / PAGE_SIZE, GROWTH_ORDER);
  }

  reset(): void {
    this.#buddy.reset();
  }

  /** Exact when no CPU is at work. */
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

  /** @throws ERR_DOUBLE_FREE when the reference has been dropped already */
  free(cpu: Cpu, address: number, order: number): void {
    this.#pages.put(address / PAGE_SIZE);
    this.#block[0] = address / PAGE_SIZE;
    this.#buddy.freeBulk(cpu, order, this.#block, 0, 1);
  }
}
