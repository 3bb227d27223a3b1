import { describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { growthOptions } from '../../../lib/machine/build/growth.js';
import { System } from '../../../lib/machine/build/system.js';
import { assertBalanced } from '../../../lib/machine/check/balance.js';
import { Arena } from '../../../lib/smp/arena.js';

function systemOf(given: MachineOptions = {}): System {
  const config = machineConfig(
    { cpus: { copyKernel: 0 }, sockets: { sendBufferBytes: 1 << 18 }, slotPool: { growth: 'pools', bytes: 1 << 20 } },
    given,
  );
  const system = new System(
    Arena.for((counting) => new System(counting, config)),
    config,
  );
  system.reset();
  return system;
}

describe('growthOptions', () => {
  const optionsOf = (given: MachineOptions) => {
    const { config, growthBlocks } = systemOf(given);
    return growthOptions(config, growthBlocks);
  };

  it('returns none where nothing grows', () => {
    expect(optionsOf({ slotPool: { growth: 'none' } })).toEqual({});
  });

  it('adds slot pools as large as the first one, and searches as many areas as there are CPUs', () => {
    const { dynamic } = optionsOf({ cpus: { count: 5 }, slotPool: { bytes: 16 << 20 } });
    expect(dynamic).toMatchObject({ defaultAreas: 8, growth: { defaultSlots: 8192, defaultAreas: 8 } });
  });

  it.each([
    [1 << 20, 1],
    [(8 << 20) - 1, 7],
    [1 << 30, 64],
  ])('allows growth by %d bytes %d slot pools', (growthBytes, addedSlotPools) => {
    expect(optionsOf({ slotPool: { growthBytes } }).dynamic).toMatchObject({ addedSlotPools });
  });

  it('allows as many transient pools as there are descriptors, up to a limit', () => {
    const transientPools = (given: MachineOptions) => optionsOf(given).dynamic?.transientPools;
    expect([
      transientPools({ devices: { ringDescriptors: 64, queues: 3 } }),
      transientPools({ devices: { ringDescriptors: 4096, queues: 3 } }),
    ]).toEqual([192, 1024]);
  });

  it('allows a buffer for each mapping with growth mode per-mapping, and no slot pools', () => {
    const options = optionsOf({ slotPool: { growth: 'per-mapping' } });
    expect(options).toEqual({ perMapping: expect.objectContaining({ devices: 1 }) });
  });
});

describe('GrowthWork', () => {
  function worker(given: MachineOptions = {}) {
    const system = systemOf(given);
    const { swiotlb, growthBlocks } = system;
    return {
      work: system.growthWork()!,
      growth: swiotlb.pools!.growth!,
      blocks: growthBlocks!,
      system,
      swiotlb,
    };
  }

  it('adds a slot pool when one is wanted, and none otherwise', () => {
    const { work, growth, swiotlb, blocks } = worker();
    expect({ added: work.step(), pools: swiotlb.listed().length }).toEqual({ added: false, pools: 1 });
    growth.schedule();
    expect([work.step(), work.step()]).toEqual([true, false]);
    expect(swiotlb.listed()).toHaveLength(2);
    expect(blocks.pages - blocks.freePages).toBe(256);
  });

  it('adds nothing when there is no memory, and wants none any more', () => {
    const { work, growth, swiotlb, blocks } = worker({ slotPool: { growthBytes: 1 << 20 } });
    blocks.alloc(work.cpu, 0, 2, false);
    growth.schedule();
    expect({ added: work.step(), pending: growth.isPending }).toEqual({ added: false, pending: false });
    expect(swiotlb.listed()).toHaveLength(1);
  });

  it('goes on until the trial is over, and completes the work that has begun', () => {
    const { work, growth, swiotlb, blocks, system } = worker();
    const alloc = blocks.alloc.bind(blocks);
    blocks.alloc = (...asked) => {
      if (swiotlb.listed().length === 3) growth.end();
      growth.schedule(); // a request has found the slot pools full again
      return alloc(...asked);
    };
    growth.schedule();
    work.run();
    expect({ pools: swiotlb.listed().length, pending: growth.isPending }).toEqual({ pools: 4, pending: true });
    assertBalanced(system);
  });

  it('does not begin when the machine has been aborted', () => {
    const { work, growth, swiotlb, system } = worker();
    growth.schedule();
    system.cpus.abort();
    work.run();
    expect(swiotlb.listed()).toHaveLength(1);
  });
});
