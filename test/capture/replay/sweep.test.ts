import { describe, expect, it } from '@jest/globals';
import type { Step } from '../../../lib/capture/replay/replay-driver.js';
import { Sweep } from '../../../lib/capture/replay/sweep.js';
import { mappingOf } from '../mapping-of.js';

const map = (id: number, timeNs: number, slot: number | null = null): Step => ({
  kind: 'map',
  timeNs,
  mapping: mappingOf({ id, timeNs, slot }),
});
const HOLDS = { defaultNs: 1000, byDevice: new Map([['e', 2000]]) };

describe('Sweep', () => {
  it('tells how full the pool would be if mappings were held for other times', () => {
    const sweep = new Sweep({ slots: 128, areas: 1 }, 5, HOLDS);
    sweep.take(Array.from({ length: 100 }, (_, id) => map(id, id * 1000)));
    expect(sweep.end().map(({ holdNs, highWater, failed }) => [holdNs, highWater, failed])).toEqual([
      [10, 6, 0],
      [100, 6, 0],
      [10_000, 25, 0],
      [100_000, 105, 0],
    ]);
  });

  it('tells of mappings that find no slots', () => {
    const sweep = new Sweep({ slots: 128, areas: 1 }, 100, HOLDS);
    sweep.take(Array.from({ length: 100 }, (_, id) => map(id, id * 1000)));
    expect(sweep.end().at(-1)).toEqual({ holdNs: 100_000, highWater: 128, endUsed: 128, failed: 72 });
  });

  it('is empty where ends are told, or nothing is mapped', () => {
    const told = new Sweep({ slots: 128, areas: 1 }, 0, HOLDS);
    told.take([{ kind: 'earlier', timeNs: 0, slots: 1 }]);
    told.take([map(1, 0, 0x8000), map(2, 0)]);
    expect(told.end()).toEqual([]);
    expect(new Sweep({ slots: 128, areas: 1 }, 0, HOLDS).end()).toEqual([]);
  });
});
