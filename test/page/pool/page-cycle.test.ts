import { describe, expect, it } from '@jest/globals';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { PROCESS, SOFTIRQ } from '../../../lib/smp/copy-ledger.js';
import { pagePoolRig } from './fixtures/page-world.js';

const SMALL = { cachePages: 8, ringSlots: 4 };

describe('PageCycle', () => {
  it('gets half a cache of pages at a time, and hands out the last of them first', () => {
    const { world, cpus, pagePool, counts } = pagePoolRig();
    const { cycle } = pagePool;
    expect(cycle.alloc(cpus[0]!)).toBe(63);
    expect(cycle.alloc(cpus[0]!)).toBe(62);
    expect([world.take(), cycle.cached, counts()]).toEqual([['bulk -1 64 64'], 62, { slow: 1, empty: 1, fast: 1 }]);
  });

  it('leaves out pages that cannot be mapped, and has none when all cannot', () => {
    const { world, cpus, pagePool } = pagePoolRig({ flags: 1 });
    world.bulkLimit = 3;
    world.unmappable.add(1);
    expect([pagePool.cycle.alloc(cpus[0]!), pagePool.cycle.cachedPages()]).toEqual([2, [0]]);
    pagePool.cycle.alloc(cpus[0]!);
    for (const pfn of [1, 3, 4]) world.unmappable.add(pfn);
    expect(pagePool.cycle.alloc(cpus[0]!)).toBe(NO_PAGE);
    expect(world.counts.slice(0, 5)).toEqual(Int32Array.of(1, 0, 1, 0, 0));
  });

  it('gets one block at a time', () => {
    const { world, cpus, pagePool, counts } = pagePoolRig({ order: 3, node: 1 });
    expect(pagePool.cycle.alloc(cpus[0]!)).toBe(2048);
    world.isEmpty = true;
    expect(pagePool.cycle.alloc(cpus[0]!)).toBe(NO_PAGE);
    expect([world.take(), counts()]).toEqual([['page 1 3 2048', 'page 1 3 -1'], { slowHighOrder: 1, empty: 2 }]);
  });

  it('takes pages into the cache where the consumer runs, else into the ring, and lets go what does not fit', () => {
    const { world, cpus, pagePool, counts } = pagePoolRig({ ...SMALL, cpu: 1 });
    const { cycle } = pagePool;
    const pages = Array.from({ length: 16 }, () => cycle.alloc(cpus[1]!));
    world.take();
    cpus[0]!.context = SOFTIRQ;
    cpus[1]!.context = PROCESS;
    cycle.put(cpus[0]!, pages[0]!, ALL_BYTES, false);
    cycle.put(cpus[1]!, pages[1]!, ALL_BYTES, false);
    cpus[1]!.context = SOFTIRQ;
    for (const pfn of pages.slice(2, 14)) cycle.put(cpus[1]!, pfn, ALL_BYTES, false);
    expect(world.take()).toEqual(pages.slice(12, 14).map((pfn) => `put ${pfn} 0`));
    expect([cycle.cached, cycle.ring.count]).toEqual([8, 4]);
    expect(counts()).toMatchObject({ ring: 4, cached: 8, cacheFull: 4, ringFull: 2 });
  });

  it('recycles directly on the CPU of its softirq poll, until it is unlinked', () => {
    const { world, cpus, pagePool, counts } = pagePoolRig({ ...SMALL, poll: 5 });
    const { cycle } = pagePool;
    const pages = [0, 0, 0].map(() => cycle.alloc(cpus[2]!));
    cpus[2]!.context = SOFTIRQ;
    cycle.put(cpus[2]!, pages[0]!, ALL_BYTES, false);
    world.polls.set(5, 2);
    cycle.put(cpus[2]!, pages[1]!, ALL_BYTES, false);
    cycle.unlink();
    cycle.put(cpus[2]!, pages[2]!, ALL_BYTES, false);
    expect(counts()).toMatchObject({ ring: 2, cached: 1 });
  });

  it('refills the cache from the ring, and lets one page of another node go before it asks for new ones', () => {
    const { world, cpus, pagePool, counts } = pagePoolRig({ ...SMALL, node: 0 });
    const { cycle } = pagePool;
    const pages = [0, 0, 0, 0].map(() => cycle.alloc(cpus[0]!));
    for (const pfn of pages) cycle.put(cpus[0]!, pfn, ALL_BYTES, false);
    expect([cycle.alloc(cpus[0]!), cycle.cachedPages(), counts().refill]).toEqual([pages[3], pages.slice(0, 3), 1]);
    cycle.put(cpus[0]!, pages[3]!, ALL_BYTES, false);
    world.take();
    cycle.setNode(cpus[0]!, 1);
    expect(world.take()).toHaveLength(3);
    expect([cycle.alloc(cpus[0]!), cycle.node]).toEqual([2051, 1]);
    expect([world.take(), counts().waive]).toEqual([[`put ${pages[3]} 0`, 'bulk 1 4 4'], 1]);
  });

  it('lets a page go that another holder refers to, whatever the count of its fragments', () => {
    const { world, cpus, netmem, pagePool, counts } = pagePoolRig(SMALL);
    const pfn = pagePool.cycle.alloc(cpus[0]!);
    world.counts[pfn]!++;
    netmem.ref(pfn);
    world.take();
    pagePool.cycle.put(cpus[0]!, pfn, ALL_BYTES, true);
    expect(world.take()).toEqual([]);
    pagePool.cycle.put(cpus[0]!, pfn, ALL_BYTES, true);
    expect([world.take(), counts().releasedRefcnt]).toEqual([[`put ${pfn} 1`], 1]);
  });

  it('puts many pages with one look at the ring, and counts once that it was full', () => {
    const { world, cpus, netmem, pagePool, counts } = pagePoolRig(SMALL);
    const { cycle } = pagePool;
    const pages = Int32Array.from({ length: 7 }, () => cycle.alloc(cpus[0]!));
    netmem.ref(pages[0]!);
    world.take();
    cycle.putBulk(cpus[0]!, pages.slice(), 7);
    expect(world.take()).toEqual([`put ${pages[5]} 0`, `put ${pages[6]} 0`]);
    expect([cycle.ring.pages(), counts()]).toMatchObject([[...pages.slice(1, 5)], { ring: 4, ringFull: 1 }]);
    cycle.putBulk(cpus[0]!, pages, 0);
    expect(counts()).toMatchObject({ ring: 4, ringFull: 1 });
  });

  it('produces under the lock of producers, and consumes under that of consumers', () => {
    const { cpus, pagePool } = pagePoolRig(SMALL);
    const [cpu] = cpus;
    const { cycle } = pagePool;
    const calls: string[] = [];
    for (const name of ['lock', 'produce', 'unlock', 'lockConsumer', 'consume', 'unlockConsumer'] as const) {
      const ring = cycle.ring as unknown as Record<string, (...args: unknown[]) => unknown>;
      const original = ring[name]!.bind(ring);
      ring[name] = (...args) => {
        if (calls.at(-1) !== name) calls.push(name);
        return original(...args);
      };
    }
    const pages = [0, 0].map(() => cycle.alloc(cpu!));
    cycle.put(cpu!, pages[0]!, ALL_BYTES, false);
    cycle.putBulk(cpu!, Int32Array.of(pages[1]!), 1);
    cycle.emptyCache(cpu!);
    cycle.alloc(cpu!);
    cycle.put(cpu!, cycle.alloc(cpu!), ALL_BYTES, false);
    cycle.emptyRing(cpu!);
    const produced = ['lock', 'produce', 'unlock'];
    const consumed = ['lockConsumer', 'consume', 'unlockConsumer'];
    expect(calls).toEqual([...produced, ...produced, ...consumed, ...produced, ...consumed]);
  });
});
