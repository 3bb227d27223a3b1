import { describe, expect, it } from '@jest/globals';
import {
  pairsOf,
  poolOf,
  type SlotShape,
  slotShapes,
  threadCounts,
} from '../../../benchmarks/slot-pool/slot-shapes.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { isPowerOfTwo, SEGMENT_SLOTS } from '../../../lib/units.js';

describe('threadCounts', () => {
  it('goes from one thread to one for each CPU', () => {
    for (const effort of EFFORTS) expect(threadCounts(effort, 1)).toEqual([1]);
    expect(threadCounts('default', 6)).toEqual([1, 6]);
    expect(threadCounts('full', 6)).toEqual([1, 2, 4, 6]);
    expect(threadCounts('full', 16)).toEqual([1, 2, 4, 8, 16]);
  });
});

describe('slotShapes', () => {
  const key = (shape: SlotShape) => Object.values(shape).join(' ');

  it('returns every request at every occupancy, on one thread and on all', () => {
    for (const effort of EFFORTS) {
      const shapes = slotShapes(effort, 4).map(key);
      expect(new Set(shapes).size).toBe(shapes.length);
      for (const occupied of [0, 50, 90]) {
        for (const slots of [1, 2, 16, 128]) expect(shapes).toContain(`${slots} ${occupied} segments 1 shared`);
      }
      expect(shapes).toEqual(expect.arrayContaining(['1 50 slots 1 shared', '2 90 slots 1 shared']));
      expect(shapes).toEqual(expect.arrayContaining(['1 0 segments 4 shared', '16 0 segments 4 own']));
    }
    expect(slotShapes('quick', 4).length).toBeLessThan(slotShapes('default', 4).length);
    expect(slotShapes('full', 4).map(key)).toContain('128 90 segments 2 own');
  });

  it('returns only requests that fit into holes of single slots', () => {
    const single = slotShapes('full', 8).filter(({ holes }) => holes === 'slots');
    expect(single.every(({ slots, occupied }) => slots <= 2 && occupied > 0)).toBe(true);
  });

  it('has slot pools of whole segments that can be occupied to nine tenths, for any number of areas', () => {
    for (const shape of slotShapes('full', 24)) {
      const { slots, areas } = poolOf(shape, 1 << 20);
      expect(areas).toBeGreaterThanOrEqual(shape.areas === 'own' ? shape.threads : 1);
      expect(isPowerOfTwo(areas) && isPowerOfTwo(slots)).toBe(true);
      expect(slots / areas / SEGMENT_SLOTS).toBeGreaterThanOrEqual(10);
    }
    expect(poolOf(slotShapes('quick', 1)[0]!, 64 << 20)).toEqual({ slots: 32768, areas: 1 });
  });

  it('divides the work in a shared area by the number of threads', () => {
    const shape = { slots: 1, occupied: 0, holes: 'segments', threads: 8, areas: 'own' } as const;
    expect(pairsOf({ ...shape, areas: 'shared' }).count * 8).toBe(pairsOf(shape).count);
    expect(pairsOf({ ...shape, areas: 'shared', threads: 512 }).count).toBe(1024);
    expect(pairsOf({ ...shape, slots: 128 }).count).toBeLessThan(pairsOf(shape).count);
  });
});
