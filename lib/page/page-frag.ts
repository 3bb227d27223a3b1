/**
 * A page fragment: the page that a task is filling, and how far it has come.
 * Models: struct page_frag and skb_page_frag_refill (net/core/sock.c); the transmit path's specification, section 1.2.
 * Owner: one task. Its page is referenced once by the fragment itself and once by each skb fragment in it.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { FreeDispatch } from './free-dispatch.js';
import { FRAG_ORDER, type PageSource } from './page-source.js';
import { NO_PAGE, type PageTable } from './page-table.js';

export class PageFrag {
  readonly #pages: PageTable;
  readonly #dispatch: FreeDispatch;
  pfn = NO_PAGE;
  /** Who was asked first for the page. */
  #wanted: PageSource | null = null;
  /** Bytes of the page that are in use. */
  offset = 0;
  /** Bytes of the page: 32768, 4096, or 0 while there is none. */
  size = 0;

  constructor(pages: PageTable, dispatch: FreeDispatch) {
    this.#pages = pages;
    this.#dispatch = dispatch;
  }

  /**
   * Makes room for at least `needed` bytes; false when no source has a page.
   * @param preferred asked first, for an order-3 page only
   * @param fallback asked next, for order 3 and then order 0; may be the same source
   */
  refill(cpu: Cpu, needed: number, preferred: PageSource, fallback: PageSource): boolean {
    if (this.pfn !== NO_PAGE) {
      // Nobody but this fragment holds the page, so nobody reads the bytes that are about to be overwritten.
      if (this.#pages.isSoleHolder(this.pfn)) {
        this.offset = 0;
        return true;
      }
      if (this.offset + needed <= this.size) return true;
      this.drop(cpu);
    }
    let pfn = preferred.alloc(cpu, FRAG_ORDER);
    if (pfn === NO_PAGE && fallback !== preferred) pfn = fallback.alloc(cpu, FRAG_ORDER);
    this.#wanted = preferred;
    this.size = PAGE_SIZE << FRAG_ORDER;
    if (pfn === NO_PAGE) {
      pfn = fallback.alloc(cpu, 0);
      this.size = PAGE_SIZE;
    }
    this.pfn = pfn;
    this.offset = 0;
    if (pfn === NO_PAGE) this.size = 0;
    return pfn !== NO_PAGE;
  }

  /** Gives up a page that another source would be asked for now. */
  dropUnlessOf(cpu: Cpu, preferred: PageSource): void {
    if (this.pfn !== NO_PAGE && this.#wanted !== preferred) this.drop(cpu);
  }

  /** Gives up the fragment's own reference. */
  drop(cpu: Cpu): void {
    const { pfn } = this;
    if (pfn === NO_PAGE) return;
    this.pfn = NO_PAGE;
    this.offset = 0;
    this.size = 0;
    this.#dispatch.put(cpu, pfn);
  }
}
