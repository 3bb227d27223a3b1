/** Calls of two CPUs on pages and slots. */
import { LeakedBlocks } from '../../../lib/page/page-owners.js';
import { PageTable } from '../../../lib/page/page-table.js';
import { PercentLimit } from '../../../lib/page/percent-limit.js';
import { NetmemTable } from '../../../lib/page/pool/netmem-table.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import { Growth } from '../../../lib/swiotlb/pools/growth.js';
import { SlotPoolList } from '../../../lib/swiotlb/pools/slot-pool-list.js';
import { Counters } from '../../../lib/swiotlb/slots/counters.js';
import type { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { pagePoolRig } from '../../page/pool/fixtures/page-world.js';
import { inArena } from '../../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZoneBlocks } from '../../swiotlb/zone-blocks.js';
import { FIRST, fresh, type Scenes, SECOND } from './scenes.js';

function growthWithoutMemory(): Growth {
  const boot = { start: 2 ** 30, slots: 128, areas: 1 };
  const config = { defaultSlots: 512, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT };
  return fresh((arena) => {
    const list = new SlotPoolList(arena, boot, { added: 1, transient: 1, devices: 1 });
    return new Growth(arena, config, list, new ZoneBlocks(-1));
  });
}

export const PAGES: Scenes = {
  'drops of the last references of a page': () => {
    const pages = fresh((arena) => new PageTable(arena, 8, 1));
    pages.setRefs(3, 2);
    return { first: () => pages.put(3), second: () => pages.put(3), end: () => pages.refs(3) };
  },
  'takes and drops of references of a page': () => {
    const pages = fresh((arena) => new PageTable(arena, 8, 1));
    pages.setRefs(3, 5);
    return { first: () => pages.get(3), second: () => pages.put(3), end: () => pages.refs(3) };
  },
  'takes and drops of several references of a page': () => {
    const pages = fresh((arena) => new PageTable(arena, 8, 1));
    pages.setRefs(3, 5);
    return { first: () => pages.getMany(3, 4), second: () => pages.getMany(3, 3), end: () => pages.refs(3) };
  },
  'drops of several references of a page': () => {
    const pages = fresh((arena) => new PageTable(arena, 8, 1));
    pages.setRefs(3, 5);
    return { first: () => pages.putMany(3, 3), second: () => pages.putMany(3, 2), end: () => pages.refs(3) };
  },
  'returns of fragments of a page': () => {
    const netmem = fresh((arena) => new NetmemTable(arena, 8));
    netmem.mark(3, 0);
    netmem.setFragments(3, 4);
    return { first: () => netmem.unref(3, 2), second: () => netmem.unref(3, 1), end: () => netmem.fragments(3) };
  },
  'leaks of a type of block': () => {
    const owners = fresh((arena) => new LeakedBlocks(arena));
    return { first: () => owners.add(1), second: () => owners.add(1), end: () => owners.of(1) };
  },
  'counts of used slots': () => {
    const counters = inArena((arena) => new Counters(arena));
    counters.reset(100);
    const end = () => [counters.used, counters.highWater];
    return { first: () => counters.addUsed(7), second: () => counters.addUsed(5), end };
  },
  'counts of freed slots': () => {
    const counters = inArena((arena) => new Counters(arena));
    counters.reset(100);
    counters.addUsed(20);
    return { first: () => counters.subtractUsed(7), second: () => counters.subtractUsed(5), end: () => counters.used };
  },
  'lots of slots that are reserved for pages': () => {
    const limit = inArena((arena) => new PercentLimit(arena, 'hardened', { slots: 1000, used: () => 0 } as Swiotlb, 2));
    limit.reset(50);
    return { first: () => limit.take(FIRST, 3), second: () => limit.take(SECOND, 2), end: () => limit.taken };
  },
  'lots of slots that are reserved and given back': () => {
    const limit = inArena((arena) => new PercentLimit(arena, 'hardened', { slots: 1000, used: () => 0 } as Swiotlb, 2));
    limit.reset(50);
    limit.take(FIRST, 30);
    return { first: () => limit.give(FIRST, 30), second: () => limit.take(SECOND, 2), end: () => limit.taken };
  },
  'ends of the use of a page pool': () => {
    const { pagePool, world } = pagePoolRig();
    pagePool.use();
    const destroy = (cpu: Cpu) => () => pagePool.destroy(cpu);
    return { first: destroy(FIRST), second: destroy(SECOND), end: () => [pagePool.isDestroyed, world.take()] };
  },
  'releases of pages of a page pool': () => {
    const { pagePool, world } = pagePoolRig();
    const pages = [0, 1].map(() => pagePool.cycle.alloc(FIRST));
    for (const page of pages) world.counts[page] = 2; // something else refers to it, so that it is let go
    const put = (cpu: Cpu, at: number) => () => pagePool.cycle.put(cpu, pages[at]!, 0, false);
    return { first: put(FIRST, 0), second: put(SECOND, 1), end: () => pagePool.held.released };
  },
  'a request for growth and the end of it': () => {
    const growth = growthWithoutMemory();
    const end = () => [growth.isPending, growth.isOver];
    return { first: () => growth.schedule(), second: () => growth.end(), end };
  },
  'the work of growth and the end of it': () => {
    const growth = growthWithoutMemory();
    growth.schedule();
    const end = () => [growth.isPending, growth.isOver];
    return { first: () => growth.work(FIRST), second: () => growth.end(), end };
  },
};
