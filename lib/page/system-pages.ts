/**
 * Socket pages of ordinary memory.
 * Models: alloc_pages with the per-CPU page lists in front of the zone (mm/page_alloc.c):
 * docs/spec/tx-path.md#refill-of-a-page-fragment.
 * Threads: `alloc` and `free` on any CPU; a per-CPU list is used by its CPU only.
 */
import { within } from '../limits.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { Buddy, MAX_ORDER } from './buddy.js';
import { FRAG_ORDER, type PageSource } from './page-source.js';
import { NO_PAGE, type PageTable } from './page-table.js';

const LIST_BLOCKS = 32;
const LIST_BATCH = 16;

const LIST_STRIDE = 64; // count, then LIST_BLOCKS blocks, rounded up to whole lines

/**
 * Ordinary memory: the zone's buddy lists behind per-CPU last-in-first-out lists for orders 0 and 3. Blocks of other
 * orders come from the zone and go back to it at once.
 */
export class SystemPages implements PageSource {
  readonly #pages: PageTable;
  readonly #buddy: Buddy;
  readonly #lists: Int32Array;
  /** Of this thread: passes a block without a list to the zone and back. */
  readonly #block = new Int32Array(1);

  constructor(arena: Arena, pages: PageTable, firstPfn: number, count: number, cpus: number) {
    this.#pages = pages;
    this.#buddy = new Buddy(arena, firstPfn, count);
    this.#lists = arena.int32(cpus * 2 * LIST_STRIDE);
  }

  /** Frees all pages. One thread, before any other allocates. */
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

  /**
   * As `PageSource.alloc`. Blocks are aligned to their size.
   * @param order 0 to `MAX_ORDER`
   * @throws ERR_OUT_OF_RANGE for any other order
   */
  alloc(cpu: Cpu, order: number): number {
    if (order !== 0 && order !== FRAG_ORDER) return this.#allocFromZone(cpu, order);
    const lists = this.#lists;
    const at = (cpu.id * 2 + (order === FRAG_ORDER ? 1 : 0)) * LIST_STRIDE;
    let count = lists[at]!;
    if (count === 0) count = this.#buddy.allocBulk(cpu, order, lists, at + 1, LIST_BATCH);
    if (count === 0) return NO_PAGE;
    const pfn = lists[at + count]!;
    lists[at] = count - 1;
    this.#pages.compound(pfn, order);
    return pfn;
  }

  /** @throws ERR_WRONG_KIND for a block of any type, which its owner has to free */
  free(cpu: Cpu, pfn: number): void {
    const lists = this.#lists;
    this.#pages.assertUntyped(pfn);
    const order = this.#pages.split(pfn);
    if (order !== 0 && order !== FRAG_ORDER) {
      this.#block[0] = pfn;
      this.#buddy.freeBulk(cpu, order, this.#block, 0, 1);
      return;
    }
    const at = (cpu.id * 2 + (order === FRAG_ORDER ? 1 : 0)) * LIST_STRIDE;
    let count = lists[at]!;
    if (count === LIST_BLOCKS) {
      // The pages that were freed longest ago, at the bottom of the list, go back.
      this.#buddy.freeBulk(cpu, order, lists, at + 1, LIST_BATCH);
      lists.copyWithin(at + 1, at + 1 + LIST_BATCH, at + 1 + LIST_BLOCKS);
      count -= LIST_BATCH;
    }
    lists[at + count + 1] = pfn;
    lists[at] = count + 1;
  }
  #allocFromZone(cpu: Cpu, order: number): number {
    within('order', order, 0, MAX_ORDER);
    if (this.#buddy.allocBulk(cpu, order, this.#block, 0, 1) === 0) return NO_PAGE;
    this.#pages.compound(this.#block[0]!, order);
    return this.#block[0]!;
  }
}
