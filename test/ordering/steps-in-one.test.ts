/**
 * Steps that must be one: whatever another CPU does between two atomic operations of a call, both end as if one had
 * come after the other.
 */
import { describe, expect, it } from '@jest/globals';
import { DescriptorRing } from '../../lib/dma/descriptor-ring.js';
import { TxQueue } from '../../lib/net/tx-queue.js';
import { MappingIndex } from '../../lib/page/pool/mapping-index.js';
import { NET_RX } from '../../lib/smp/cpu.js';
import { LISTED, SlotPoolList } from '../../lib/swiotlb/pools/slot-pool-list.js';
import { slotPoolsOf } from '../../lib/trace/replay/snapshot.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';
import { outcomes } from '../support/interleave.js';

function runningQueue(): TxQueue {
  const queue = inArena((arena) => new TxQueue(arena, 0, 8, new DescriptorRing(arena, 64)));
  queue.reset();
  queue.beginOrMark();
  return queue;
}

describe('the run of a qdisc', () => {
  // What its end returns, and whether the other begins: the mark of the other was seen, or it began after the end.
  it.each([
    ['tryEnd', [false, false], [true, true]],
    ['end', [true, false], [false, true]],
  ] as const)('has a runner that is marked or is over, when another begins at its %s', (end, marked, over) => {
    const ways = outcomes(() => {
      const queue = runningQueue();
      return { first: () => queue[end](), second: () => queue.beginOrMark() };
    });
    expect(ways).toEqual([marked, over].map((both) => [...both, undefined]));
  });

  it('has one runner, when two CPUs begin it', () => {
    const ways = outcomes(() => {
      const queue = runningQueue();
      queue.tryEnd();
      return { first: () => queue.beginOrMark(), second: () => queue.beginOrMark(), end: () => queue.tryEnd() };
    });
    expect(ways).toEqual([
      [false, true, false],
      [true, false, false],
    ]);
  });
});

describe('a softirq', () => {
  it('that is raised while others are taken is taken now or later', () => {
    const ways = outcomes(() => {
      const { table } = testCpus(1);
      table.raise(0, NET_RX, 1);
      return {
        first: () => table.take(0, NET_RX),
        second: () => table.raise(0, NET_RX, 2),
        end: () => table.take(0, NET_RX),
      };
    });
    expect(ways).toEqual([
      [0b110, undefined, 0],
      [0b010, undefined, 0b100],
    ]);
  });

  it('is raised for both queues, when two CPUs raise it', () => {
    const ways = outcomes(() => {
      const { table } = testCpus(1);
      const raise = (queue: number) => () => table.raise(0, NET_RX, queue);
      return { first: raise(1), second: raise(2), end: () => table.take(0, NET_RX) };
    });
    expect(ways).toEqual([[undefined, undefined, 0b110]]);
  });
});

describe('a mapping', () => {
  it('is removed by one of two CPUs, and its number is free once', () => {
    const { cpus } = testCpus(2);
    const ways = outcomes(() => {
      const index = inArena((arena) => new MappingIndex(arena, 3));
      index.reset();
      index.add(cpus[0]!, 10);
      const remove = (cpu: number) => () => index.remove(cpus[cpu]!, 1, 10);
      return { first: remove(0), second: remove(1), end: () => index.count };
    });
    expect(ways).toEqual([
      [false, true, 0],
      [true, false, 0],
    ]);
  });
});

describe('a list of slot pools', () => {
  it('is whole for a reader, whenever a slot pool is linked or unlinked', () => {
    const [cpu] = testCpus(1).cpus;
    const made = () => {
      const limits = { added: 2, transient: 2, devices: 1 };
      const boot = { start: 2 ** 30, slots: 128, areas: 1 };
      const list = inArena((arena) => new SlotPoolList(arena, boot, limits));
      list.reset();
      const pools = [1, 2].map((n) => list.create(cpu!, { start: n * 2 ** 20, slots: 512, areas: 4 }, false));
      list.link(cpu!, LISTED, pools[0]!);
      return { list, pools };
    };
    const linked = outcomes(() => {
      const { list, pools } = made();
      return { first: () => list.link(cpu!, LISTED, pools[1]!), second: () => slotPoolsOf(list) };
    });
    expect(linked.map((way) => (way as unknown[])[1])).toEqual([
      [1, 0],
      [2, 1, 0],
    ]);
    const unlinked = outcomes(() => {
      const { list, pools } = made();
      return { first: () => list.unlink(cpu!, LISTED, pools[0]!), second: () => slotPoolsOf(list) };
    });
    expect(unlinked.map((way) => (way as unknown[])[1])).toEqual([[1, 0], [0]]);
  });
});
