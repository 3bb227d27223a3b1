/**
 * Each table that CPUs share, used by one CPU after the other while each access is entered in a `RaceDetector`: a lock
 * that is left out of a call, and a plain store where an atomic one is due, are found also where no machine of
 * `races.test.ts` has two CPUs that use the table at the same time.
 */
import { describe, expect, it } from '@jest/globals';
import { CompletionTable } from '../../lib/owner/completions.js';
import { SlabObjects } from '../../lib/owner/kernel-buffers.js';
import { Buddy } from '../../lib/page/buddy.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { MappingIndex } from '../../lib/page/pool/mapping-index.js';
import { ReturnRing } from '../../lib/page/pool/return-ring.js';
import { PerMapping } from '../../lib/swiotlb/per-mapping/per-mapping.js';
import { LISTED, SlotPoolList } from '../../lib/swiotlb/pools/slot-pool-list.js';
import { Counters } from '../../lib/swiotlb/slots/counters.js';
import { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import { testMemory } from '../page/fixtures/memory.js';
import { pagePoolRig } from '../page/pool/fixtures/page-world.js';
import { inArena } from '../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZoneBlocks } from '../swiotlb/zone-blocks.js';
import { forbidden } from './races/plain-reads.js';
import { ROUNDS, racesOf, type Turn } from './races/turns.js';
import { WatchedMachines } from './races/watched-machine.js';

const ANY = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
const BOOT = { start: 2 ** 30, slots: 256, areas: 1 };

describe('calls on different CPUs have no plain access that races, and release no lock that they do not hold,', () => {
  it('at the buddy allocator', () => {
    const blocks = new Int32Array(4);
    const races = racesOf(
      (arena) => new Buddy(arena, 1024, 64),
      (buddy) => buddy.reset(),
      (buddy, cpu) => expect(buddy.allocBulk(cpu, 0, blocks, 0, 4)).toBe(4),
      (buddy, cpu) => buddy.freeBulk(cpu, 0, blocks, 0, 4),
    );
    expect(races).toEqual([]);
  });

  it('at the numbers of mappings', () => {
    let number = 0;
    const races = racesOf(
      (arena) => new MappingIndex(arena, 40),
      (index) => index.reset(),
      (index, cpu) => {
        number = index.add(cpu, 10);
      },
      (index, cpu) => index.add(cpu, 11),
      (index, cpu) => expect(index.remove(cpu, number, 10)).toBe(true),
      (index, cpu) => index.remove(cpu, number, 10),
    );
    expect(races).toEqual([]);
  });

  it('at a return ring', () => {
    const produce: Turn<ReturnRing> = (ring, cpu, round) => {
      ring.lock(cpu);
      expect(ring.produce(round)).toBe(true);
      ring.unlock();
    };
    const consume: Turn<ReturnRing> = (ring, cpu) => {
      ring.lockConsumer(cpu);
      expect(ring.consume()).not.toBe(NO_PAGE);
      ring.unlockConsumer();
    };
    const races = racesOf(
      (arena) => new ReturnRing(arena, 4),
      (ring) => ring.reset(),
      produce,
      produce,
      consume,
      consume,
    );
    expect(races).toEqual([]);
  });

  it('at the pages of a page pool', () => {
    using machines = new WatchedMachines();
    const { pagePool, world, cpus } = pagePoolRig();
    const { cycle } = pagePool;
    world.bulkLimit = 1;
    machines.begin(cpus.length);
    const [allocating, putting, bulk] = [0, 1, 2];
    const given = inArena((arena) => arena.int32(4));
    const freed = inArena((arena) => arena.int32(1)); // stands for the lock of the page allocator
    const pages = (count: number) => Int32Array.from({ length: count }, (_, at) => Atomics.load(given, at));
    for (let round = 0; round < ROUNDS; round++) {
      machines.runOn(allocating, () => {
        Atomics.load(freed, 0);
        for (let at = 0; at < given.length; at++) Atomics.store(given, at, cycle.alloc(cpus[allocating]!));
      });
      machines.runOn(putting, () => cycle.put(cpus[putting]!, Atomics.load(given, 3), 0, false));
      machines.runOn(bulk, () => cycle.putBulk(cpus[bulk]!, pages(3), 3));
      // Half of the rounds leave the pages to the CPU that allocates.
      if (round % 2 === 1) continue;
      machines.runOn(putting, () => {
        expect(cycle.emptyRing(cpus[putting]!)).toBe(4);
        Atomics.store(freed, 0, round);
      });
    }
    expect(pagePool.counters.valueOf('refill')).toBeGreaterThan(0);
    expect(forbidden(machines.races)).toEqual([]);
  });

  it('at the objects of a slab', () => {
    const { pages } = testMemory();
    let object = 0;
    const races = racesOf(
      (arena) => new SlabObjects(arena, pages, { firstPfn: 64, pages: 2, objectBytes: 1024 }),
      (slab) => slab.reset(),
      (slab, cpu) => {
        object = slab.alloc(cpu);
      },
      (slab) => slab.lend(object, 100),
      (slab, cpu) => slab.free(cpu, object),
      (slab, cpu) => slab.giveBack(cpu, object, 100),
    );
    expect(races).toEqual([]);
  });

  it('at the notifications of a socket', () => {
    const complete: Turn<CompletionTable> = (table, cpu, round) => table.complete(cpu, 0, round, 1, false);
    const races = racesOf(
      (arena) => new CompletionTable(arena, 1, 64),
      (table) => table.reset(),
      complete,
      (table, { id }) => {
        if (id === 0) table.begin(0); // the sender
      },
      complete,
      (table, cpu) => {
        if (cpu.id === 0) expect(table.take(cpu, 0)).toBe(true);
      },
    );
    expect(races).toEqual([]);
  });

  it('at the list of slot pools', () => {
    const config = (start: number) => ({ start, slots: 10, areas: 1 });
    const pools = [0, 0];
    const create =
      (at: number): Turn<SlotPoolList> =>
      (list, cpu) => {
        pools[at] = list.create(cpu, config((at + 1) * 2 ** 20), true);
      };
    const link =
      (at: number): Turn<SlotPoolList> =>
      (list, cpu) =>
        list.link(cpu, LISTED, pools[at]!);
    const unlink =
      (at: number): Turn<SlotPoolList> =>
      (list, cpu) => {
        list.unlink(cpu, LISTED, pools[at]!);
        list.discard(pools[at]!);
      };
    const races = racesOf(
      (arena) => new SlotPoolList(arena, BOOT, { added: 1, transient: 4, devices: 1 }),
      (list) => list.reset(),
      create(0),
      create(1),
      link(0),
      link(1),
      unlink(0),
      unlink(1),
    );
    expect(races).toEqual([]);
  });

  it('at an area of a slot pool', () => {
    const slots = new Int32Array(4);
    const races = racesOf(
      (arena) => new SlotPool(arena, BOOT),
      (pool) => pool.reset(),
      (pool, cpu) => pool.release(cpu, ANY, pool.addressOf(pool.search(cpu, 0, ANY, 0, 5000, 0))),
      (pool, cpu) => {
        expect(pool.searchBlocks(cpu, 0, ANY, 4096, 4, slots)).toBe(4);
        pool.releaseBlocks(cpu, slots, 0, 4, 4096);
      },
    );
    expect(races).toEqual([]);
  });

  it('at the buffers of mappings', () => {
    const blocks = new ZoneBlocks(10);
    const range = { origin: 0, bytes: 0 };
    let address = 0;
    const races = racesOf(
      (arena) => new PerMapping(arena, { blocks, devices: 1, zoneDmaLimit: ZONE_DMA_LIMIT }),
      (buffers) => buffers.reset(),
      (buffers, cpu) => {
        address = buffers.alloc(cpu, ANY, 2 ** 40, 5000, false);
      },
      (buffers, cpu) => expect(buffers.holds(cpu, ANY, address)).toBe(true),
      (buffers, cpu) => buffers.originOf(cpu, ANY, address, 10, range),
      (buffers, cpu) => expect(buffers.free(cpu, ANY, address)).toBe(true),
    );
    expect(races).toEqual([]);
  });

  it('at the counters of an allocator', () => {
    const races = racesOf(
      (arena) => new Counters(arena),
      (counters) => counters.reset(BOOT.slots),
      (counters) => counters.addUsed(5),
      (counters) => counters.addTransient(5),
      (counters) => counters.addSlots(5),
      (counters) => counters.resetHighWater(),
      (counters) => counters.subtractUsed(5),
      (counters) => [counters.used, counters.highWater, counters.transient, counters.slots],
    );
    expect(races).toEqual([]);
  });
});
