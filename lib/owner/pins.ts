/**
 * Pins: counts of those who let a device use a page where it is, apart from the references that keep it allocated.
 * Models: pin_user_pages_fast, unpin_user_pages and folio_maybe_dma_pinned (mm/gup.c), and mm_account_pinned_pages of
 * MSG_ZEROCOPY (net/core/skbuff.c): docs/spec/tx-path.md#one-interface-for-three-lifetimes. A single page has no count
 * of pins: a pin is 1024 references of it. A larger folio has a count beside its references. All pages of a range that
 * lie in one folio cost one atomic operation. Deviation: Linux limits the pinned memory of a user; here each socket has
 * a limit of its own.
 * Threads: any.
 */
import { CopytaxError } from '../errors.js';
import { outOfRange } from '../limits.js';
import { NO_PAGE, type PageTable } from '../page/page-table.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';

/** References that one pin of a single page is (GUP_PIN_COUNTING_BIAS). */
export const PIN_BIAS = 1024;
/** References of a page beyond which it is not pinned once more, so that the word cannot overflow. */
const MAX_REFERENCES = 2 ** 30;

const LINE = 32;

/** What frees a page whose user has given it up while it was pinned. */
export interface PinnedPageSource {
  free(cpu: Cpu, pfn: number): void;
}

/** The pages that may be pinned, and how many of them each socket may have pinned. */
export interface PinLimits {
  readonly firstPfn: number;
  readonly pages: number;
  readonly sockets: number;
  readonly bytesPerSocket: number;
}

export class PinTable {
  readonly #pages: PageTable;
  readonly #limits: PinLimits;
  /** For each page the pins of the folio that it heads, if that is larger than a page. */
  readonly #counts: Int32Array;
  /** A line for each socket: pages that it has pinned. */
  readonly #bySocket: Int32Array;
  readonly #limitPages: number;

  constructor(arena: Arena, pages: PageTable, limits: PinLimits) {
    this.#pages = pages;
    this.#limits = limits;
    this.#limitPages = Math.min(Math.floor(limits.bytesPerSocket / PAGE_SIZE), MAX_REFERENCES);
    this.#counts = arena.int32(limits.pages);
    this.#bySocket = arena.int32(limits.sockets * LINE);
  }

  reset(): void {
    this.#counts.fill(0);
    this.#bySocket.fill(0);
  }

  /**
   * Pins every page of a range for a socket. False, with nothing pinned, when the socket would have more pinned than it
   * may.
   * @throws ERR_OUT_OF_RANGE for memory that cannot be pinned, ERR_DOUBLE_FREE for a page that nothing references
   */
  pin(socket: number, phys: number, bytes: number): boolean {
    return this.#pinPages(socket, firstPage(phys), endPage(phys + bytes));
  }

  /** Pins what a range that is pinned already grows by, up to `end`: the page that it ends in has its pin. As `pin`. */
  extend(socket: number, phys: number, bytes: number, end: number): boolean {
    return this.#pinPages(socket, endPage(phys + bytes), endPage(end));
  }

  /**
   * Undoes `pin`, or `pin` and each `extend`, for the whole range. Any CPU, any context. A page without any other
   * reference goes back to `source`.
   * @throws ERR_DOUBLE_FREE for a page that is not pinned
   */
  unpin(cpu: Cpu, socket: number, phys: number, bytes: number, source: PinnedPageSource | null = null): void {
    const first = firstPage(phys);
    const end = endPage(phys + bytes);
    this.#assertPinnable(first, end);
    for (let pfn = first; pfn < end; ) {
      const head = this.#headOf(pfn);
      const next = Math.min(end, head + (1 << this.#pages.order(head)));
      if (this.#unpinFolio(head, next - pfn) === 0) source?.free(cpu, head);
      pfn = next;
    }
    Atomics.sub(this.#bySocket, socket * LINE, end - first);
  }

  /** Pins of the folio that a page is part of. For a single page it may be too high: see `maybePinned`. */
  pins(pfn: number): number {
    const head = this.#headOf(pfn);
    if (this.#isLarge(head)) return Atomics.load(this.#counts, head - this.#limits.firstPfn);
    return Math.floor(this.#pages.refs(head) / PIN_BIAS);
  }

  /**
   * True if a page may be in use by a device: it must not be moved, reused, or shared with a child of its process. A
   * single page with 1024 references counts as pinned, too.
   */
  maybePinned(pfn: number): boolean {
    return this.pins(pfn) > 0;
  }

  /** Pages that the socket has pinned; a page that is pinned twice counts twice. */
  pinnedPages(socket: number): number {
    return Atomics.load(this.#bySocket, socket * LINE);
  }

  #pinPages(socket: number, first: number, end: number): boolean {
    if (end <= first) return true;
    this.#assertPinnable(first, end);
    const taken = Atomics.add(this.#bySocket, socket * LINE, end - first) + (end - first);
    if (taken > this.#limitPages) {
      Atomics.sub(this.#bySocket, socket * LINE, end - first);
      return false;
    }
    for (let pfn = first; pfn < end; ) {
      const head = this.#headOf(pfn);
      const next = Math.min(end, head + (1 << this.#pages.order(head)));
      this.#pinFolio(head, next - pfn);
      pfn = next;
    }
    return true;
  }

  /** A reference comes before the count, and goes after it, so that a counted pin keeps its folio allocated. */
  #pinFolio(head: number, pins: number): void {
    const isLarge = this.#isLarge(head);
    const references = isLarge ? pins : pins * PIN_BIAS;
    if (this.#pages.getMany(head, references) > MAX_REFERENCES) {
      this.#pages.putMany(head, references);
      throw new CopytaxError('ERR_OUT_OF_RANGE', `page ${head} has too many references to be pinned`, { head });
    }
    if (isLarge) Atomics.add(this.#counts, head - this.#limits.firstPfn, pins);
  }

  /** Returns how many references are left. */
  #unpinFolio(head: number, pins: number): number {
    if (!this.#isLarge(head)) {
      if (this.pins(head) < pins) throw notPinned(head);
      return this.#pages.putMany(head, pins * PIN_BIAS);
    }
    const at = head - this.#limits.firstPfn;
    if (Atomics.sub(this.#counts, at, pins) < pins) {
      Atomics.add(this.#counts, at, pins);
      throw notPinned(head);
    }
    return this.#pages.putMany(head, pins);
  }

  #isLarge(head: number): boolean {
    return this.#pages.order(head) > 0;
  }

  #headOf(pfn: number): number {
    const head = this.#pages.headOf(pfn);
    return head === NO_PAGE ? pfn : head;
  }

  #assertPinnable(first: number, end: number): void {
    const { firstPfn, pages } = this.#limits;
    if (first >= firstPfn && end <= firstPfn + pages) return;
    throw outOfRange(`pages ${first} to ${end - 1} cannot be pinned, only ${firstPfn} to ${firstPfn + pages - 1}`);
  }
}

function firstPage(phys: number): number {
  return Math.floor(phys / PAGE_SIZE);
}

/** The page behind the last one of a range that ends before `end`. */
function endPage(end: number): number {
  return Math.ceil(end / PAGE_SIZE);
}

function notPinned(head: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `unpin of page ${head}, which is not pinned`, { head });
}
