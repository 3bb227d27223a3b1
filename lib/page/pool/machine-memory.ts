/**
 * What all memory of a machine has in common for page pools: one node, mappings that cannot fail, and DMA addresses
 * that are physical ones. A memory provider adds where its blocks come from.
 * Models: the page allocator behind page_pool.c: docs/spec/tx-path.md#page-pool-mechanics.
 * Threads: any, each with an object of its own.
 */
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';
import { NO_PAGE, type PageTable } from '../page-table.js';
import type { MemoryProvider } from './memory-provider.js';

export abstract class MachineMemory implements MemoryProvider {
  readonly needsSync = false;
  readonly #pages: PageTable;

  constructor(pages: PageTable) {
    this.#pages = pages;
  }

  abstract alloc(cpu: Cpu, node: number, order: number): number;

  /** Frees a block whose last reference is gone. */
  protected abstract free(cpu: Cpu, pfn: number): void;

  allocBulk(cpu: Cpu, node: number, count: number, pages: Int32Array, at: number): number {
    for (let given = 0; given < count; given++) {
      const pfn = this.alloc(cpu, node, 0);
      if (pfn === NO_PAGE) return given;
      pages[at + given] = pfn;
    }
    return count;
  }

  put(cpu: Cpu, pfn: number): void {
    if (this.#pages.put(pfn)) this.free(cpu, pfn);
  }

  refs(pfn: number): number {
    return this.#pages.refs(pfn);
  }

  isReserve(_pfn: number): boolean {
    return false;
  }

  nodeOf(_pfn: number): number {
    return 0;
  }

  map(_cpu: Cpu, pfn: number, _bytes: number): number {
    return pfn * PAGE_SIZE;
  }

  canIndex(_pfn: number): boolean {
    return true;
  }

  unmap(_cpu: Cpu, _address: number, _bytes: number): void {}
  sync(_cpu: Cpu, _address: number, _bytes: number): void {}
}
