/**
 * What a CPU hands over to another through one word: all that it did before is seen by the CPU that finds the word, so
 * that neither the word nor what it stands for is accessed plainly by both.
 */
import { describe, expect, it } from '@jest/globals';
import { DescriptorRing } from '../../lib/dma/descriptor-ring.js';
import { SkbTable } from '../../lib/net/skb.js';
import { SocketTable } from '../../lib/net/socket.js';
import { NO_SKB, TxQueue } from '../../lib/net/tx-queue.js';
import { TX_BUF_TYPE } from '../../lib/owner/tx-buf.js';
import { PageTable } from '../../lib/page/page-table.js';
import type { Arena } from '../../lib/smp/arena.js';
import { GrowingSlotPools } from '../../lib/swiotlb/pools/growing-slot-pools.js';
import { NO_SLOT_POOL } from '../../lib/swiotlb/pools/slot-pool-list.js';
import { Counters } from '../../lib/swiotlb/slots/counters.js';
import { testOwners } from '../owner/fixtures/owners.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';
import { interleave } from '../support/interleave.js';
import { ZONE_DMA_LIMIT, ZoneBlocks } from '../swiotlb/zone-blocks.js';
import { forbidden } from './races/plain-reads.js';
import { racesOf } from './races/turns.js';
import { WatchedMachines } from './races/watched-machine.js';

const DEVICE = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
const POOL_BYTES = 128 * 2048;

/** The races when one CPU writes to memory and does `release`, and another then does `acquire` and reads it. */
function racesOfHandover<Table>(
  make: () => Table,
  release: (table: Table) => unknown,
  acquire: (table: Table) => void,
) {
  using machines = new WatchedMachines();
  machines.begin(2);
  const memory = inArena((arena: Arena) => arena.int32(1));
  const table = make();
  machines.runOn(0, () => {
    memory[0] = 1;
    release(table);
  });
  machines.runOn(1, () => {
    acquire(table);
    expect(memory[0]).toBe(1);
  });
  return forbidden(machines.races);
}

describe('what another CPU did is seen', () => {
  it('by the sole holder of a page', () => {
    const make = () => {
      const pages = inArena((arena) => new PageTable(arena, 8, 1));
      pages.reset();
      pages.setRefs(3, 2);
      return pages;
    };
    const races = racesOfHandover(
      make,
      (pages) => pages.put(3),
      (pages) => expect(pages.isSoleHolder(3)).toBe(true),
    );
    expect(races).toEqual([]);
  });

  it('by the sole holder of an owner', () => {
    const make = () => {
      const { owners } = testOwners();
      const id = owners.alloc(0, TX_BUF_TYPE.buffered, 0);
      owners.get(id);
      return { owners, id };
    };
    const races = racesOfHandover(
      make,
      ({ owners, id }) => owners.put(id),
      ({ owners, id }) => expect(owners.isSoleHolder(id)).toBe(true),
    );
    expect(races).toEqual([]);
  });

  it('by the runner of a qdisc that takes an skb', () => {
    const races = racesOf(
      (arena) => new TxQueue(arena, 0, 8, new DescriptorRing(arena, 64)),
      (queue) => queue.reset(),
      (queue, cpu, round) => {
        if (cpu.id !== 0) queue.enqueue(cpu, round);
      },
      (queue, cpu, round) => {
        if (cpu.id !== 0) queue.enqueue(cpu, round);
      },
      (queue, cpu) => {
        if (cpu.id !== 0) return;
        for (let skb = 0; skb !== NO_SKB; skb = queue.dequeue());
      },
    );
    expect(races).toEqual([]);
  });

  it('by the holder of a socket that finds an acknowledgement', () => {
    const limits = {
      sockets: 1,
      sendBufferBytes: 10_000,
      smallQueueBytes: 5000,
      congestionWindowBytes: Infinity,
      skbsPerSocket: 8,
    };
    const make = () => {
      const sockets = inArena((arena) => new SocketTable(arena, limits));
      sockets.reset();
      return sockets;
    };
    const races = racesOfHandover(
      make,
      (sockets) => sockets.setAcked(0, 3),
      (sockets) => expect(sockets.acked(0)).toBe(3),
    );
    expect(races).toEqual([]);
  });
});

describe('an skb', () => {
  it('is freed by an atomic store, which nothing before it can come after', () => {
    using machines = new WatchedMachines();
    machines.begin(2);
    const skbs = inArena((arena) => new SkbTable(arena, 2, 0x10000));
    skbs.reset();
    machines.runOn(0, () => skbs.recycle(1));
    expect(machines.runOn(1, () => skbs.isFree(1))).toBe(true);
    // The socket reads it plainly, and only writes then: `SkbTable.isFree` says why that is enough.
    expect(machines.races.map(({ text }) => text)).toEqual(['store in SkbTable.recycle, read in SkbTable.isFree']);
  });
});

describe('the memory of a transient pool', () => {
  /** A device whose second mapping is in a transient pool, and what frees that. */
  function twoMappings() {
    const { cpus } = testCpus(2);
    const [reader, freer] = cpus as [(typeof cpus)[0], (typeof cpus)[0]];
    const blocks = new ZoneBlocks();
    const growth = { defaultSlots: 512, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT, blocks };
    const pools = inArena((arena) => {
      const config = { defaultAreas: 1, devices: 1, cpus: 2, growth, addedSlotPools: 1, transientPools: 2 };
      return new GrowingSlotPools(arena, { start: 2 ** 30, slots: 128, areas: 1 }, config, new Counters(arena));
    });
    pools.reset();
    const found = { pool: pools.list.boot, index: 0 };
    let address = 0;
    for (let mapping = 0; mapping < 2; mapping++) {
      const slot = pools.search(reader, DEVICE, 0, POOL_BYTES, 0, found);
      address = found.pool.addressOf(slot);
    }
    expect(pools.list.isTransient(found.index)).toBe(true);
    const waits = new Error('it waits for the reader');
    const free = () => {
      freer.list.relax = () => {
        throw waits;
      };
      try {
        pools.freeTransient(freer, DEVICE, found.index);
      } catch (error) {
        if (error !== waits) throw error;
      } finally {
        Reflect.deleteProperty(freer.list, 'relax');
      }
    };
    return { blocks, free, find: () => pools.find(reader, DEVICE, address) };
  }

  it('is not freed before a reader that has found it is done, at whichever of its steps', () => {
    const seen: { isFound: boolean; isFreed: boolean }[] = [];
    for (let isOver = false, at = 0; !isOver; at++) {
      const { blocks, free, find } = twoMappings();
      isOver = true;
      const undo = interleave((_words, operations) => {
        if (operations !== at) return;
        isOver = false;
        free();
      });
      let pool = NO_SLOT_POOL;
      try {
        pool = find();
      } finally {
        undo();
      }
      if (!isOver) seen.push({ isFound: pool !== NO_SLOT_POOL, isFreed: blocks.lent.size === 0 });
    }
    const [none, both] = [
      { isFound: false, isFreed: false },
      { isFound: true, isFreed: true },
    ];
    expect(seen).not.toContainEqual(both);
    expect(seen).toContainEqual({ ...none, isFreed: true }); // before the reader begins
    expect(seen).toContainEqual({ ...none, isFound: true }); // while it walks
  });
});
