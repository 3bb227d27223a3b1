/**
 * How a page is freed at its last put: the third of the three parts that designs differ in.
 * Models: the patch's test in the page allocator's free routine; the transmit path's specification, section 2.10.
 */
import type { Cpu } from '../smp/cpu.js';
import type { PageSource } from './page-source.js';
import type { PageTable } from './page-table.js';
import { PAGE_TYPE } from './page-type.js';

export interface FreeDispatch {
  /** `pfn` is a head page whose reference count has just become 0. Any CPU, any context; does not sleep. */
  free(cpu: Cpu, pfn: number): void;
}

/** Every free of the system asks for the patch's page type first. */
export class AllocatorHook implements FreeDispatch {
  readonly #pages: PageTable;
  readonly #system: PageSource;
  readonly #bounce: PageSource;

  constructor(pages: PageTable, system: PageSource, bounce: PageSource) {
    this.#pages = pages;
    this.#system = system;
    this.#bounce = bounce;
  }

  free(cpu: Cpu, pfn: number): void {
    if (this.#pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) this.#bounce.free(cpu, pfn);
    else this.#system.free(cpu, pfn);
  }
}
