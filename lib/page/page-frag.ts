/**
 * A page fragment: the page that a task is filling, and how far it has come.
 * Models: struct page_frag and skb_page_frag_refill (net/core/sock.c):
 * docs/spec/tx-path.md#refill-of-a-page-fragment.
 * Owner: one task. The page is held once by the page fragment itself and once by each skb fragment in it; how is a part
 * that a design may differ in.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { FreeDispatch } from './free-dispatch.js';
import { ASK, FRAG_ORDER, type PageSource } from './page-source.js';
import { NO_PAGE, type PageTable } from './page-table.js';

/** How page fragments, and skb fragments in their pages, hold a page. */
export interface PageHolding {
  /** Begins to fill a page from its start: a source has just returned it, or the caller is its sole holder. */
  begin(pfn: number): void;
  /** True if of `pieces` skb fragments in the page none is left, nor another holder: the bytes may be overwritten. */
  isSole(pfn: number, pieces: number): boolean;
  /** Ends the holding of the page fragment itself. `pieces` skb fragments were made in the page. */
  end(cpu: Cpu, pfn: number, pieces: number): void;
}

/** One page reference for each holder. */
export class ReferencedPages implements PageHolding {
  readonly #pages: PageTable;
  readonly #dispatch: FreeDispatch;

  constructor(pages: PageTable, dispatch: FreeDispatch) {
    this.#pages = pages;
    this.#dispatch = dispatch;
  }

  begin(_pfn: number): void {}

  isSole(pfn: number, _pieces: number): boolean {
    return this.#pages.isSoleHolder(pfn);
  }

  end(cpu: Cpu, pfn: number, _pieces: number): void {
    this.#dispatch.put(cpu, pfn);
  }
}

/** The page that a task writes to until it is full. Owner: the task. */
export class PageFrag {
  readonly #holding: PageHolding;
  readonly #prefersSingle: boolean;
  /** Page frame number of the first page, or `NO_PAGE`. */
  pfn = NO_PAGE;
  /** The source that was asked first for the page. */
  #wanted: PageSource | null = null;
  /** Bytes of the page that are in use. */
  offset = 0;
  /**
   * Bytes of the page: 32768 or 4096. After a failed `refill`, of the page before, as in Linux; 0 if there was none.
   */
  size = 0;
  /** Number of skb fragments that were made in the page, where the holding counts them here. */
  pieces = 0;

  /** Linux has one switch for all page fragments: net.core.high_order_alloc_disable. No machine sets it. */
  singlePagesOnly = false;

  /** `prefersSingle`: a single page of the preferred source is better than 32 KiB of another source. */
  constructor(holding: PageHolding, prefersSingle = false) {
    this.#holding = holding;
    this.#prefersSingle = prefersSingle;
  }

  /**
   * Makes room for at least `needed` bytes; false when no source has a page.
   * @param preferred asked first, only for an order-3 page unless single pages are preferred, or the only ones
   * @param fallback asked next, for order 3 and then for order 0; may be the same source
   * @param mayReclaim whether an order-0 allocation may reclaim memory directly; one of order 3 never does
   */
  refill(cpu: Cpu, needed: number, preferred: PageSource, fallback: PageSource, mayReclaim = false): boolean {
    if (this.pfn !== NO_PAGE) {
      // Only this page fragment holds the page, so the bytes that are about to be overwritten are not read any more.
      if (this.#holding.isSole(this.pfn, this.pieces)) {
        this.offset = 0;
        this.pieces = 0;
        this.#holding.begin(this.pfn);
        return true;
      }
      if (this.offset + needed <= this.size) return true;
      this.#letGo(cpu);
    }
    this.#wanted = preferred;
    const single = mayReclaim ? ASK.wakesReclaim | ASK.directReclaim : ASK.wakesReclaim;
    if (this.#allocLarge(cpu, preferred)) return true;
    if (fallback !== preferred) {
      const wantsSingle = this.#prefersSingle || this.singlePagesOnly;
      if (wantsSingle && this.#alloc(cpu, preferred, 0, single)) return true;
      if (this.#allocLarge(cpu, fallback)) return true;
    }
    return this.#alloc(cpu, fallback, 0, single);
  }

  #allocLarge(cpu: Cpu, source: PageSource): boolean {
    const asked = ASK.wakesReclaim | ASK.noRetry | ASK.compound;
    return !this.singlePagesOnly && this.#alloc(cpu, source, FRAG_ORDER, asked);
  }

  #alloc(cpu: Cpu, source: PageSource, order: number, asked: number): boolean {
    this.pfn = source.alloc(cpu, order, asked);
    if (this.pfn === NO_PAGE) return false;
    this.size = PAGE_SIZE << order;
    this.pieces = 0;
    this.#holding.begin(this.pfn);
    return true;
  }

  /** Drops a page for which another source would be asked now. */
  dropUnlessOf(cpu: Cpu, preferred: PageSource): void {
    if (this.pfn !== NO_PAGE && this.#wanted !== preferred) this.drop(cpu);
  }

  /** Drops the reference of the page fragment itself. */
  drop(cpu: Cpu): void {
    if (this.pfn === NO_PAGE) return;
    this.#letGo(cpu);
    this.size = 0;
  }

  #letGo(cpu: Cpu): void {
    const { pfn, pieces } = this;
    this.pfn = NO_PAGE;
    this.offset = 0;
    this.#holding.end(cpu, pfn, pieces);
  }
}
