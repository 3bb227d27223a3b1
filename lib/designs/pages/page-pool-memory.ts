/**
 * Pages of page pools, which stay mapped for the device of their page pool.
 * Models: docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool, rule 5: a fragment whose page has the magic number
 * and a page pool of the device is not mapped, and its descriptor says not to unmap it. For any other device the page
 * is ordinary memory, from which a bounce is made.
 * `hardened` gives back what page pools keep in stock when a mapping finds no slots; `faithful`, like Linux, has no
 * such call (docs/spec/tx-path.md#exhaustion-and-hoarding).
 * Threads: each has its own over the same tables; any context.
 */
import type { DmaDevice } from '../../dma/device.js';
import { NOT_SHARED, type SharedMemory, type Sharing, STAYS_MAPPED } from '../../dma/shared-memory.js';
import type { PageTable } from '../../page/page-table.js';
import { type NetmemTable, NO_PAGE_POOL } from '../../page/pool/netmem-table.js';
import type { PagePool } from '../../page/pool/page-pool.js';
import { ORDINARY, type SlotPages } from '../../page/pool/slot-provider.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';

export interface PagePoolMemoryParts {
  readonly pages: PageTable;
  readonly netmem: NetmemTable;
  readonly slotPages: SlotPages;
  /** Those of device 1 of each CPU, then those of device 2, and so on. */
  readonly pagePools: readonly PagePool[];
  readonly cpus: number;
  readonly isHardened: boolean;
}

export class PagePoolMemory implements SharedMemory {
  readonly #parts: PagePoolMemoryParts;

  constructor(parts: PagePoolMemoryParts) {
    this.#parts = parts;
  }

  sharing({ number }: DmaDevice, phys: number, _bytes: number): Sharing {
    const { netmem, cpus } = this.#parts;
    const pagePool = netmem.poolOf(this.#headOf(phys));
    return pagePool !== NO_PAGE_POOL && Math.floor(pagePool / cpus) === number - 1 ? STAYS_MAPPED : NOT_SHARED;
  }

  /** True for an address within a block, whose slots are freed with its last reference. */
  holds(dma: number): boolean {
    return this.#parts.slotPages.deviceOf(this.#headOf(dma)) !== ORDINARY;
  }

  #headOf(phys: number): number {
    return this.#parts.pages.headOf((phys / PAGE_SIZE) | 0);
  }

  /** Empties all rings, and the caches of this CPU. */
  reclaim(cpu: Cpu): boolean {
    const { pagePools, cpus, isHardened } = this.#parts;
    if (!isHardened) return false;
    let pages = 0;
    for (const { cycle, number } of pagePools) {
      pages += cycle.emptyRing(cpu);
      if (number % cpus === cpu.id) pages += cycle.emptyCache(cpu);
    }
    return pages > 0;
  }
}
