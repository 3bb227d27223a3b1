/**
 * Free blocks of a range of pages, by order, with merging.
 * Models: the free lists of a zone (mm/page_alloc.c). Deviation: no migrate types, no watermarks; the largest order is
 * that of the largest block that is asked for.
 * Threads: any; every call takes the lock of the zone.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../smp/spin-lock.js';
import { NO_PAGE } from './page-table.js';

/** Order of the largest block of memory for sockets; growth of a slot pool asks for larger ones. */
export const MAX_ORDER = 5;

const FREE_PAGES = LOCK_WORDS;
const HEADS = FREE_PAGES + 1;
const NONE = -1;

export class Buddy {
  readonly firstPfn: number;
  readonly pages: number;
  readonly #maxOrder: number;
  readonly #zone: Int32Array;
  /** 1 + order of the free block that begins at a page; 0 for all other pages. */
  readonly #freeOrder: Uint8Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  /** `firstPfn` is a multiple of 2^maxOrder. */
  constructor(arena: Arena, firstPfn: number, pages: number, maxOrder = MAX_ORDER) {
    this.firstPfn = firstPfn;
    this.pages = pages;
    this.#maxOrder = maxOrder;
    this.#zone = arena.int32(HEADS + maxOrder + 1);
    this.#freeOrder = arena.uint8(pages);
    this.#next = arena.int32(pages);
    this.#previous = arena.int32(pages);
  }

  reset(): void {
    this.#zone.fill(0);
    for (let order = 0; order <= this.#maxOrder; order++) this.#zone[HEADS + order] = NONE;
    this.#freeOrder.fill(0);
    let page = this.pages;
    while (page > 0) {
      let order = this.#maxOrder;
      while (1 << order > page || (page & ((1 << order) - 1)) !== 0) order--;
      page -= 1 << order;
      this.#push(page, order);
    }
    this.#zone[FREE_PAGES] = this.pages;
  }

  get freePages(): number {
    return this.#zone[FREE_PAGES]!;
  }

  /**
   * Fills `blocks[from..from+count)` with pfns of free blocks, under one lock acquisition.
   * @returns how many there were
   */
  allocBulk(cpu: Cpu, order: number, blocks: Int32Array, from: number, count: number): number {
    lock(cpu, this.#zone, 0);
    let got = 0;
    while (got < count) {
      const page = this.#takeBlock(order);
      if (page === NO_PAGE) break;
      blocks[from + got++] = this.firstPfn + page;
    }
    this.#zone[FREE_PAGES] = this.#zone[FREE_PAGES]! - (got << order);
    unlock(this.#zone, 0);
    return got;
  }

  /** Frees `blocks[from..from+count)`. One lock acquisition. */
  freeBulk(cpu: Cpu, order: number, blocks: Int32Array, from: number, count: number): void {
    lock(cpu, this.#zone, 0);
    for (let i = from; i < from + count; i++) this.#mergeBlock(blocks[i]! - this.firstPfn, order);
    this.#zone[FREE_PAGES] = this.#zone[FREE_PAGES]! + (count << order);
    unlock(this.#zone, 0);
  }

  #takeBlock(order: number): number {
    let larger = order;
    while (larger <= this.#maxOrder && this.#zone[HEADS + larger] === NONE) larger++;
    if (larger > this.#maxOrder) return NO_PAGE;
    const page = this.#zone[HEADS + larger]!;
    this.#unlink(page, larger);
    while (larger > order) {
      larger--;
      this.#push(page + (1 << larger), larger);
    }
    return page;
  }

  #mergeBlock(page: number, order: number): void {
    let block = page;
    let size = order;
    while (size < this.#maxOrder) {
      const buddy = block ^ (1 << size);
      if (buddy + (1 << size) > this.pages || this.#freeOrder[buddy] !== size + 1) break;
      this.#unlink(buddy, size);
      block &= ~(1 << size);
      size++;
    }
    this.#push(block, size);
  }

  #push(page: number, order: number): void {
    const head = this.#zone[HEADS + order]!;
    this.#freeOrder[page] = order + 1;
    this.#next[page] = head;
    this.#previous[page] = NONE;
    if (head !== NONE) this.#previous[head] = page;
    this.#zone[HEADS + order] = page;
  }

  #unlink(page: number, order: number): void {
    const next = this.#next[page]!;
    const previous = this.#previous[page]!;
    this.#freeOrder[page] = 0;
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) this.#zone[HEADS + order] = next;
    else this.#next[previous] = next;
  }
}
