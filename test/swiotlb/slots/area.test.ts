import { describe, expect, it } from '@jest/globals';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Areas } from '../../../lib/swiotlb/slots/area.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';

describe('Areas', () => {
  it('keeps use and cursor of each area apart', () => {
    const areas = inArena((arena) => new Areas(arena, 4));
    areas.reset();
    areas.advance(1, 5, 0);
    areas.addUsed(1, -2);
    areas.advance(3, 0, 77);
    expect([0, 1, 2, 3].map((area) => [areas.used(area), areas.index(area)])).toEqual([
      [0, 0],
      [3, 0],
      [0, 0],
      [0, 77],
    ]);
    areas.reset();
    expect({ used: areas.used(1), index: areas.index(3) }).toEqual({ used: 0, index: 0 });
  });

  it('has a lock for each area, which counts waits', () => {
    const { cpus } = testCpus(2);
    const areas = inArena((arena) => new Areas(arena, 2));
    areas.reset();
    areas.lock(cpus[0]!, 0);
    areas.lock(cpus[0]!, 1); // another area: no wait
    const list = CopyList.ofThisThread();
    list.relax = () => {
      areas.unlock(0);
      return list.now;
    };
    try {
      areas.lock(cpus[1]!, 0);
    } finally {
      Reflect.deleteProperty(list, 'relax');
    }
    const [waited, free] = areas.contention();
    expect(waited).toEqual({ waits: 1, waitNs: expect.any(Number) });
    expect(waited!.waitNs).toBeGreaterThan(0);
    expect(free).toEqual({ waits: 0, waitNs: 0 });
    expect(areas.used(0)).toBe(0);
  });
});
