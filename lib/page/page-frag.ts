/**
 * A page fragment: the page that a task is filling, and how far it has come.
 * Models: struct page_frag and skb_page_frag_refill (net/core/sock.c):
 * docs/spec/tx-path.md#refill-of-a-page-fragment.
 * Owner: one task. The page is referenced once by the page fragment itself and once by each skb fragment in it.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { FreeDispatch } from './free-dispatch.js';
import { FRAG_ORDER, type PageSource } from './page-source.js';
import { NO_PAGE, type PageTable } from './page-table.js';

export class PageFrag {
  readonly #pages: PageTable;
  readonly #dispatch: FreeDispatch;
  readonly #prefersSingle: boolean;
  pfn = NO_PAGE;
  /** The source that was asked first for the page. */
  #wanted: PageSource | null = null;
  /** Bytes of the page that are in use. */
  offset = 0;
  /** Bytes of the page: 32768, 4096, or 0 while there is none. */
  size = 0;

  /** `prefersSingle`: a single page of the preferred source is better than 32 KiB of another source. */
  constructor(pages: PageTable, dispatch: FreeDispatch, prefersSingle = false) {
    this.#pages = pages;
    this.#dispatch = dispatch;
    this.#prefersSingle = prefersSingle;
  }

  /**
   * Makes room for at least `needed` bytes; false when no source has a page.
   * @param preferred asked first, only for an order-3 page unless single pages are preferred
   * @param fallback asked next, for order 3 and then for order 0; may be the same source
   */
  refill(cpu: Cpu, needed: number, preferred: PageSource, fallback: PageSource): boolean {
    if (this.pfn !== NO_PAGE) {
      // Only this page fragment holds the page, so the bytes that are about to be overwritten are not read any more.
      if (this.#pages.isSoleHolder(this.pfn)) {
        this.offset = 0;
        return true;
      }
      if (this.offset + needed <= this.size) return true;
      this.drop(cpu);
    }
    this.#wanted = preferred;
    this.offset = 0;
    return (
      this.#alloc(cpu, preferred, FRAG_ORDER) ||
      (fallback !== preferred &&
        ((this.#prefersSingle && this.#alloc(cpu, preferred, 0)) || this.#alloc(cpu, fallback, FRAG_ORDER))) ||
      this.#alloc(cpu, fallback, 0)
    );
  }

  #alloc(cpu: Cpu, source: PageSource, order: number): boolean {
    this.pfn = source.alloc(cpu, order);
    this.size = this.pfn === NO_PAGE ? 0 : PAGE_SIZE << order;
    return this.pfn !== NO_PAGE;
  }

  /** Drops a page for which another source would be asked now. */
  dropUnlessOf(cpu: Cpu, preferred: PageSource): void {
    if (this.pfn !== NO_PAGE && this.#wanted !== preferred) this.drop(cpu);
  }

  /** Drops the reference of the page fragment itself. */
  drop(cpu: Cpu): void {
    const { pfn } = this;
    if (pfn === NO_PAGE) return;
    this.pfn = NO_PAGE;
    this.offset = 0;
    this.size = 0;
    this.#dispatch.put(cpu, pfn);
  }
}
