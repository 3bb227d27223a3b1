/**
 * Pages that a trace says there are: each allocation gets the page that Linux got.
 * Owner: one thread.
 */
import type { CopytaxError } from '../../errors.js';
import { ASK, type PageSource } from '../../page/page-source.js';
import { NO_PAGE, type PageTable } from '../../page/page-table.js';
import type { Cpu } from '../../smp/cpu.js';

const has = (asked: number, bit: number) => ((asked & bit) === 0 ? 0 : 1);

export class RecordedPages implements PageSource {
  readonly #pages: PageTable;
  readonly #refuse: (why: string) => CopytaxError;
  /** Of the operation: [order, page, …] of each allocation of Linux. */
  #recorded: readonly (readonly unknown[])[] = [];
  #tried: (readonly number[])[] = [];

  /** `refuse` makes the error for a trace that cannot be right. */
  constructor(pages: PageTable, refuse: (why: string) => CopytaxError) {
    this.#pages = pages;
    this.#refuse = refuse;
  }

  /** Begins an operation in which Linux made these allocations. */
  expect(recorded: readonly unknown[]): void {
    if (!recorded.every(Array.isArray)) throw this.#refuse('tried must be an array of arrays');
    this.#recorded = recorded as readonly (readonly unknown[])[];
    this.#tried = [];
  }

  /** The allocations of this operation here: order, page, then what was asked for, each 0 or 1. */
  get tried(): readonly (readonly number[])[] {
    return this.#tried;
  }

  /** Whether Linux got a page of this order in this operation, as 0 or 1; undefined if it did not ask for one. */
  readonly given = (order: number): number | undefined => {
    const recorded = this.#recorded.find(([asked]) => asked === order);
    if (recorded === undefined) return undefined;
    return recorded[1] === NO_PAGE ? 0 : 1;
  };

  /** An allocation of another order than Linux made at this point gets none. */
  alloc(_cpu: Cpu, order: number, asked = 0): number {
    const recorded = this.#recorded[this.#tried.length];
    const pfn = recorded?.[0] === order ? (recorded[1] as number) : NO_PAGE;
    const { directReclaim, wakesReclaim, noRetry, compound } = ASK;
    this.#tried.push([order, pfn, ...[directReclaim, wakesReclaim, noRetry, compound].map((bit) => has(asked, bit))]);
    if (pfn === NO_PAGE) return NO_PAGE;
    this.#assertFree(pfn, order);
    this.#pages.compound(pfn, order);
    return pfn;
  }

  free(_cpu: Cpu, pfn: number): void {
    this.#pages.split(pfn);
  }

  #assertFree(pfn: number, order: number): void {
    const end = pfn + 2 ** order;
    if (!Number.isSafeInteger(pfn) || pfn < 0 || end > this.#pages.pages) {
      throw this.#refuse(`page ${JSON.stringify(pfn)} is none of ${this.#pages.pages}`);
    }
    for (let page = pfn; page < end; page++) {
      if (this.#pages.headOf(page) !== NO_PAGE) throw this.#refuse(`page ${page} is in use`);
    }
  }
}
