import { describe, expect, it } from '@jest/globals';
import { GROWTHS, GrowthRig } from '../../../benchmarks/growth-lookup/growth-rig.js';

const COUNT = 100;

describe('a rig for growth', () => {
  it.each(['newest', 'oldest'] as const)('syncs the %s mapping, the same one in each way to grow', (order) => {
    const sums = GROWTHS.map((kind) => {
      const mapping = GrowthRig.create(kind, 24).mapping(order);
      return [mapping(COUNT), mapping(7), mapping(COUNT)];
    });
    expect(new Set(sums.map(String)).size).toBe(1);
    expect(sums[0]![0]).toBeGreaterThan(COUNT * 4096);
  });

  it('syncs the mapping that was just made, or the oldest', () => {
    const [newest, oldest] = (['newest', 'oldest'] as const).map((order) => GrowthRig.create('none', 2).mapping(order));
    // Originals are pages from the second on; the ring is filled with the first two of them.
    expect({ first: newest!(1), next: newest!(3) }).toEqual({ first: 4096, next: 4096 * (1 + 2 + 3) });
    expect({ both: oldest!(2), again: oldest!(1), reversed: oldest!(2) }).toEqual({
      both: 4096 * (1 + 2),
      again: 4096,
      reversed: 4096 * (2 + 1),
    });
  });

  it.each(GROWTHS)('bounces no foreign memory if it grows by %s', (kind) => {
    const rig = GrowthRig.create(kind, 16);
    for (const device of ['owner', 'bystander'] as const) expect(rig.foreign(device)(2000)).toBe(2000);
    expect(rig.isFlagged('owner')).toBe(kind !== 'none');
    expect(rig.isFlagged('bystander')).toBe(false);
  });

  it('adds slot pools until all its mappings have room', () => {
    const pools = (kind: (typeof GROWTHS)[number]) =>
      [1, 255, 256, 4096].map((live) => GrowthRig.create(kind, live).pools);
    expect(pools('pools')).toEqual([1, 1, 2, 5]);
    expect(pools('per-mapping-list')).toEqual([1, 1, 1, 1]);
  });
});
