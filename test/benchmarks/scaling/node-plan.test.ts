import { describe, expect, it } from '@jest/globals';
import { nodePlan } from '../../../benchmarks/scaling/node-plan.js';
import { GIB, MIB } from '../../../lib/units.js';
import { hostOf } from '../fixtures/hosts.js';

const LIMITS = { effort: 'full', availableBytes: 400 * GIB, cacheBytes: 32 * MIB } as const;

describe('nodePlan', () => {
  it('has each pair of nodes, that of the CPU first, in twice the last-level cache', () => {
    const { host } = hostOf({ cores: 8, nodes: 2 });
    expect(nodePlan(host, 4, LIMITS)).toEqual({
      nodes: [0, 1],
      home: 1,
      pairs: [
        { source: 1, destination: 1 },
        { source: 0, destination: 0 },
        { source: 0, destination: 1 },
        { source: 1, destination: 0 },
      ],
      sideBytes: 64 * MIB,
    });
  });

  it('has all pairs of eight nodes with --full, and else those of the home node', () => {
    const { host } = hostOf({ cores: 64, nodes: 8 });
    expect(nodePlan(host, 0, LIMITS).pairs).toHaveLength(64);
    const few = nodePlan(host, 0, { ...LIMITS, effort: 'default' }).pairs;
    expect(few).toHaveLength(15);
    for (const { source, destination } of few) expect(source * destination).toBe(0);
  });

  it('takes no more memory than a part of what is available, and of the smallest node', () => {
    const { host } = hostOf({ cores: 8, nodes: 8 });
    expect(nodePlan(host, 0, { ...LIMITS, availableBytes: GIB }).sideBytes).toBe(8 * MIB);
    const [first, ...others] = host.numaNodes!;
    const small = { numaNodes: [{ ...first!, bytes: 32 * MIB }, ...others] };
    expect(nodePlan(small, 0, LIMITS).sideBytes).toBe(4 * MIB);
  });

  it('has no pairs where there is one node with memory, none is told, or the CPU has no memory near', () => {
    const { host } = hostOf({ cores: 4, nodes: 2 });
    const [first, second] = host.numaNodes!;
    expect(nodePlan(hostOf({ cores: 4 }).host, 0, LIMITS)).toMatchObject({ nodes: [0], home: 0, pairs: [] });
    expect(nodePlan({ numaNodes: null }, 0, LIMITS)).toMatchObject({ nodes: null, home: null, pairs: [] });
    const without = { numaNodes: [first!, { ...second!, bytes: 0 }, { ...first!, id: 2, cpus: [] }] };
    expect(nodePlan(without, 2, LIMITS)).toMatchObject({ nodes: [0, 2], home: 1, pairs: [] });
  });
});
