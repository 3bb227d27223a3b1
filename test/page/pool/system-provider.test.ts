import { describe, expect, it } from '@jest/globals';
import { NetmemTable } from '../../../lib/page/pool/netmem-table.js';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { PagePool } from '../../../lib/page/pool/page-pool.js';
import { PAGE_POOL_DEFAULTS } from '../../../lib/page/pool/page-pool-parameters.js';
import { SystemProvider } from '../../../lib/page/pool/system-provider.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { smallSystem } from '../../machine/fixtures/small-system.js';
import { inArena } from '../../smp/fixtures/cpus.js';
import { PageWorld } from './fixtures/page-world.js';

describe('SystemProvider', () => {
  it.each([0, 3])('is the memory of a page pool of order %i, which gives all of it back', (order) => {
    const { pages, systemPages, cpus, copyLedger } = smallSystem();
    const cpu = new Cpu(0, cpus, copyLedger);
    const free = systemPages.freePages;
    const provider = new SystemProvider(pages, systemPages);
    const pagePool = inArena((arena) => {
      const netmem = new NetmemTable(arena, pages.pages);
      const parts = { netmem, provider, surroundings: new PageWorld(), cpus: 1 };
      return new PagePool(arena, 1, { ...PAGE_POOL_DEFAULTS, order, flags: 1, mappings: 1000 }, parts);
    });
    pagePool.reset();
    const pfn = pagePool.cycle.alloc(cpu);
    expect([pages.refs(pfn), pagePool.held.netmem.address(pfn)]).toEqual([1, pfn * PAGE_SIZE]);
    pagePool.cycle.put(cpu, pfn, ALL_BYTES, false);
    expect([pagePool.cycle.ring.pages(), provider.nodeOf(pfn), provider.isReserve(pfn)]).toEqual([[pfn], 0, false]);
    pagePool.destroy(cpu);
    expect([pagePool.held.inFlight, systemPages.freePages]).toEqual([0, free]);
  });
});
