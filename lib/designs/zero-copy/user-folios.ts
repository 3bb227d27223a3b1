/**
 * The memory of users as folios, which have the reference of their user: for designs that send it where it is. Other
 * designs only read it, and count nothing there.
 * Threads: `make` by the thread that resets a machine; the rest by any.
 */
import type { PageTable } from '../../page/page-table.js';
import { PAGE_SIZE, roundUp } from '../../units.js';
import { increment } from './reference-counts.js';

/** The part of a machine that this is made from. */
export interface UserMemory {
  readonly config: {
    readonly sockets: { readonly senders: number; readonly userBufferBytes: number };
    readonly userMemory: { readonly pageBytes: number };
  };
  readonly layout: { readonly users: number };
  readonly pages: PageTable;
}

export class UserFolios {
  readonly firstPfn: number;
  readonly pages: number;
  readonly order: number;
  readonly #table: PageTable;

  constructor({ config, layout, pages }: UserMemory) {
    const { senders, userBufferBytes } = config.sockets;
    const { pageBytes } = config.userMemory;
    this.firstPfn = layout.users / PAGE_SIZE;
    this.pages = roundUp(senders * userBufferBytes, pageBytes) / PAGE_SIZE;
    this.order = Math.log2(pageBytes / PAGE_SIZE);
    this.#table = pages;
  }

  make(): void {
    for (const head of this.heads()) this.#table.compound(head, this.order);
  }

  /** The first page of each folio. */
  heads(): number[] {
    return Array.from({ length: this.pages >> this.order }, (_, folio) => this.firstPfn + (folio << this.order));
  }

  /** Counts pages of a range by the folio that they lie in: those of several ranges add up. */
  countPages(counts: Map<number, number>, phys: number, bytes: number): void {
    const end = Math.ceil((phys + bytes) / PAGE_SIZE);
    for (let pfn = Math.floor(phys / PAGE_SIZE); pfn < end; pfn++) {
      increment(counts, this.#table.headOf(pfn));
    }
  }
}
