/**
 * How a page is freed at its last put: one of the three parts that a design may differ in.
 * Models: put_page and folios_put (mm/swap.c), with the patch's test in the free routine of the page allocator
 * (docs/spec/tx-path.md#freeing-a-block), or with the alternative that reviewers of the patch asked for: owners of page
 * types, called by the last put (docs/spec/tx-path.md#owners-of-page-types). Every reference to a page is dropped here;
 * sources refuse pages that are freed by another route.
 * Threads: any, in any context; nothing sleeps.
 */
import type { Cpu } from '../smp/cpu.js';
import type { PageOwner, PageOwners } from './page-owners.js';
import type { PageSource } from './page-source.js';
import type { PageTable } from './page-table.js';
import { PAGE_TYPE } from './page-type.js';

/** How a page is freed at its last put. Any thread. */
export interface FreeDispatch {
  /** Drops a reference of the block whose head is `pfn`; frees it if that was the last one. */
  put(cpu: Cpu, pfn: number): void;
  /** Calls `put` for each of `pfns[0..count)`; a page may occur several times. */
  putMany(cpu: Cpu, pfns: Int32Array, count: number): void;
}

/** Drops references of pages; at the last one, the subclass decides how the page is freed. */
abstract class LastPut implements FreeDispatch {
  /** Descriptors of the pages. */
  protected readonly pages: PageTable;
  /** Where ordinary pages go. */
  protected readonly system: PageSource;

  constructor(pages: PageTable, system: PageSource) {
    this.pages = pages;
    this.system = system;
  }

  put(cpu: Cpu, pfn: number): void {
    if (this.pages.put(pfn)) this.free(cpu, pfn, false);
  }

  putMany(cpu: Cpu, pfns: Int32Array, count: number): void {
    for (let at = 0; at < count; at++) {
      const pfn = pfns[at]!;
      if (this.pages.put(pfn)) this.free(cpu, pfn, true);
    }
  }

  /** Frees the block whose head is `pfn`; `batched` if more frees may follow. */
  protected abstract free(cpu: Cpu, pfn: number, batched: boolean): void;
}

/** Every free tests for the patch's page type first, in the page allocator. */
export class AllocatorHook extends LastPut {
  readonly #bounce: PageOwner;

  constructor(pages: PageTable, system: PageSource, bounce: PageOwner) {
    super(pages, system);
    this.#bounce = bounce;
  }

  protected override free(cpu: Cpu, pfn: number, batched: boolean): void {
    const isFreed = this.pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb) && this.#bounce.free(cpu, pfn, batched);
    if (!isFreed) this.system.free(cpu, pfn);
  }
}

/** The last put tests whether the page has any type, and leaves a typed page to the owner of its type. */
export class TypedFolio extends LastPut {
  readonly #owners: PageOwners;

  constructor(pages: PageTable, system: PageSource, owners: PageOwners) {
    super(pages, system);
    this.#owners = owners;
  }

  protected override free(cpu: Cpu, pfn: number, batched: boolean): void {
    const type = this.pages.typeOf(pfn);
    if (type === 0 || !this.#owners.free(cpu, pfn, type, batched)) this.system.free(cpu, pfn);
  }
}
