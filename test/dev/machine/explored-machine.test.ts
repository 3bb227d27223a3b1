import { describe, expect, it } from '@jest/globals';
import { exploredMachine } from '../../../dev/machine/explored-machine.js';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';
import { machineConfig } from '../../../lib/machine/build/config.js';

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

describe('the machine of a seed', () => {
  it('is the same each time', () => {
    for (const seed of seeds) expect(exploredMachine(seed)).toEqual(exploredMachine(seed));
  });

  it('is, over many seeds, of every design, completion mode, number of CPUs and strategy', () => {
    const machines = seeds.map((seed) => exploredMachine(seed));
    const values = (of: (machine: (typeof machines)[number]) => unknown) => [...new Set(machines.map(of))].sort();
    expect(values(({ config }) => config.design)).toEqual([...DESIGN_NAMES].sort());
    expect(values(({ config }) => config.devices.completion)).toEqual(['line-rate', 'read', 'retire']);
    expect(values(({ config }) => config.devices.qdisc)).toEqual(['fifo', 'none']);
    expect(values(({ config }) => config.cpus.count)).toEqual([2, 3]);
    expect(values(({ config }) => config.network.lossShare)).toEqual([0, 0.1]);
    expect(values(({ config }) => config.network.ackLossShare)).toEqual([0, 0.3]);
    expect(values(({ config }) => config.slotPool.singleBouncePages)).toEqual([false, true]);
    expect(values(({ config }) => config.lending.lender)).toEqual(['page-cache', 'slab']);
    expect(values(({ config }) => config.pins.limitBytes).length).toBe(4);
    expect(values(({ config }) => config.owners.buffers)).toEqual([1, 16, 2, 4]);
    expect(values(({ config }) => config.owners.freesEarly)).toEqual([false, true]);
    expect(values(({ config }) => config.userMemory.pageBytes)).toEqual([16_384, 4096, 65_536]);
    expect(values(({ strategy }) => strategy.kind)).toEqual(['priorities', 'walk']);
    expect(values(({ tablePoints }) => tablePoints)).toEqual([false, true]);
    expect(machines.every(({ config }) => config.checking.everyByte)).toBe(true);
  });

  it('takes what the caller fixes, and is otherwise what it would have been', () => {
    for (const seed of seeds) {
      const { config, ...rest } = exploredMachine(seed, { design: 'direct', cpus: 2 });
      const free = exploredMachine(seed);
      // These are options of few designs.
      const { userMemory, pins, lending, owners, pagePool, ...common } = free.config;
      expect([userMemory, pins, lending, owners, pagePool]).not.toContain(undefined);
      expect(config).toEqual(machineConfig(common, { design: 'direct', cpus: { count: 2 } }));
      if (free.config.cpus.count === 2) expect({ config: free.config, ...rest }).toEqual(free);
    }
  });
});
