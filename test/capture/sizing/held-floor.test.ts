import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holdFloor } from '../../../lib/capture/sizing/held-floor.js';
import { random } from '../../../lib/random.js';
import { Arena } from '../../../lib/smp/arena.js';
import { cpusOfOneThread } from '../../../lib/smp/cpus-of-one-thread.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';

const CPUS = cpusOfOneThread(4);

function pool(slots: number, areas: number): Swiotlb {
  const build = (arena: Arena) => new Swiotlb(arena, { start: 0, slots, areas, exactCounters: true });
  const swiotlb = build(Arena.for(build));
  swiotlb.reset();
  return swiotlb;
}

describe('holdFloor', () => {
  it('holds as many slots as are wanted, on all CPUs, within twice as many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1024 }), fc.nat(1000), (slots, seed) => {
        const swiotlb = pool(1024, 4);
        const held = holdFloor(swiotlb, CPUS, slots, random(seed))!;
        expect([held.length, new Set(held).size, swiotlb.used()]).toEqual([slots, slots, slots]);
        const deepest = Math.max(0, ...held.map((address) => (address / 2048) % 256));
        if (slots >= 4 && slots <= 500) expect(deepest).toBeLessThan(Math.ceil((2 * slots) / 4) + 1);
      }),
    );
  });

  it('draws how many holes there are', () => {
    const deepest = [1, 2, 3, 4, 5].map((seed) => Math.max(...holdFloor(pool(1024, 1), CPUS, 100, random(seed))!));
    expect(new Set(deepest).size).toBeGreaterThan(1);
  });

  it('is null for more slots than there are', () => {
    expect(holdFloor(pool(128, 1), CPUS, 129, random(1))).toBeNull();
  });
});
