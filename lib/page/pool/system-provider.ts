/**
 * A memory provider of page pools: ordinary pages, for devices that reach them.
 * Models: the page allocator behind page_pool.c: docs/spec/tx-path.md#page-pool-mechanics. Deviation: DMA addresses are
 * physical ones, and a mapping never fails.
 * Threads: any, each with an object of its own.
 */
import type { Cpu } from '../../smp/cpu.js';
import type { PageSource } from '../page-source.js';
import type { PageTable } from '../page-table.js';
import { MachineMemory } from './machine-memory.js';

export class SystemProvider extends MachineMemory {
  readonly #source: PageSource;

  constructor(pages: PageTable, source: PageSource) {
    super(pages);
    this.#source = source;
  }

  override alloc(cpu: Cpu, _node: number, order: number): number {
    return this.#source.alloc(cpu, order);
  }

  protected override free(cpu: Cpu, pfn: number): void {
    this.#source.free(cpu, pfn);
  }
}
