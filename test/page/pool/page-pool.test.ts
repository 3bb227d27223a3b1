import { describe, expect, it } from '@jest/globals';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { pagePoolRig } from './fixtures/page-world.js';

const SMALL = { cachePages: 8, ringSlots: 8 };

describe('PagePool', () => {
  it('is gone at once when no page is out', () => {
    const { world, cpus, pagePool } = pagePoolRig({ ...SMALL, flags: 1 });
    const [cpu] = cpus;
    const pages = [0, 1, 2].map(() => pagePool.cycle.alloc(cpu!));
    pagePool.cycle.put(cpu!, pages[0]!, ALL_BYTES, true);
    pagePool.cycle.put(cpu!, pages[1]!, ALL_BYTES, false);
    pagePool.cycle.put(cpu!, pages[2]!, ALL_BYTES, false);
    world.take();
    pagePool.destroy(cpu!);
    const gone = [3, 0, 2, 1].flatMap((pfn) => [`unmap ${pfn} 4096`, `put ${pfn} 0`]);
    expect(new Set(world.take())).toEqual(new Set([...gone, 'gone']));
    expect([pagePool.held.inFlight, world.counts.every((count) => count === 0)]).toEqual([0, true]);
  });

  it('waits for pages that are out, and says so every minute', () => {
    const { world, cpus, pagePool } = pagePoolRig(SMALL);
    const [cpu] = cpus;
    const pages = [0, 1].map(() => pagePool.cycle.alloc(cpu!));
    pagePool.destroy(cpu!);
    expect(world.take().slice(-2)).toEqual(['detached', 'retry in 100']);
    world.jiffies = 5999;
    pagePool.retry(cpu!);
    world.jiffies = 6000;
    pagePool.retry(cpu!);
    world.jiffies = 11999;
    pagePool.cycle.put(cpu!, pages[0]!, ALL_BYTES, false);
    pagePool.retry(cpu!);
    world.jiffies = 12050;
    pagePool.retry(cpu!);
    expect(world.take()).toEqual([
      'retry in 100',
      'stalled 2 60',
      'retry in 100',
      `put ${pages[0]} 0`,
      'retry in 100',
      'stalled 1 120',
      'retry in 100',
    ]);
    pagePool.cycle.put(cpu!, pages[1]!, ALL_BYTES, false);
    pagePool.retry(cpu!);
    expect(world.take()).toEqual([`put ${pages[1]} 0`, 'gone']);
  });

  it('stops syncing and unmaps what is out, once, when it is destroyed', () => {
    const { world, cpus, pagePool } = pagePoolRig({ ...SMALL, flags: 3, syncBytes: 4096 });
    const [cpu] = cpus;
    world.bulkLimit = 1;
    const pfn = pagePool.cycle.alloc(cpu!);
    world.take();
    pagePool.destroy(cpu!);
    pagePool.cycle.put(cpu!, pfn, ALL_BYTES, false);
    pagePool.retry(cpu!);
    expect(world.take()).toEqual(['synchronize', 'unmap 0 4096', 'detached', 'retry in 100', 'put 0 0', 'gone']);
  });

  it('ends with its last user, and tells the second one', () => {
    const { world, cpus, pagePool } = pagePoolRig(SMALL);
    pagePool.use();
    pagePool.destroy(cpus[0]!);
    expect(world.take()).toEqual([]);
    pagePool.destroy(cpus[0]!);
    expect(world.take()).toEqual(['disconnect', 'gone']);
  });

  it('reports a page in the ring that another holder refers to', () => {
    const { world, cpus, pagePool } = pagePoolRig(SMALL);
    world.bulkLimit = 1;
    const pfn = pagePool.cycle.alloc(cpus[0]!);
    pagePool.cycle.put(cpus[0]!, pfn, ALL_BYTES, false);
    world.counts[pfn]!++;
    world.take();
    pagePool.destroy(cpus[0]!);
    expect(world.take()).toEqual(['violated 2', 'put 0 1', 'gone']);
  });
});
