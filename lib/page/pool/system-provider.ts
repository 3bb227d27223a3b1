/**
 * A memory provider of page pools: ordinary pages, for devices that reach them.
 * Models: the page allocator behind page_pool.c: docs/spec/tx-path.md#page-pool-mechanics. Deviation: DMA addresses are
 * physical ones, and a mapping never fails.
 * Threads: any, each with an object of its own.
 */
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';
import type { PageSource } from '../page-source.js';
import { NO_PAGE, type PageTable } from '../page-table.js';
import type { MemoryProvider } from './memory-provider.js';

export class SystemProvider implements MemoryProvider {
  readonly needsSync = false;
  readonly #pages: PageTable;
  readonly #source: PageSource;

  constructor(pages: PageTable, source: PageSource) {
    this.#pages = pages;
    this.#source = source;
  }

  allocBulk(cpu: Cpu, node: number, count: number, pages: Int32Array, at: number): number {
    return allocSingly(this, cpu, node, count, pages, at);
  }

  alloc(cpu: Cpu, _node: number, order: number): number {
    return this.#source.alloc(cpu, order);
  }

  put(cpu: Cpu, pfn: number): void {
    if (this.#pages.put(pfn)) this.#source.free(cpu, pfn);
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

/** Allocates single pages of a provider one by one. As `MemoryProvider.allocBulk`. */
export function allocSingly(
  provider: Pick<MemoryProvider, 'alloc'>,
  cpu: Cpu,
  node: number,
  count: number,
  pages: Int32Array,
  at: number,
): number {
  for (let given = 0; given < count; given++) {
    const pfn = provider.alloc(cpu, node, 0);
    if (pfn === NO_PAGE) return given;
    pages[at + given] = pfn;
  }
  return count;
}
