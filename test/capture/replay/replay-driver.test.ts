import { describe, expect, it } from '@jest/globals';
import type { CapturedMapping } from '../../../lib/capture/mappings/captured-mapping.js';
import { ReplayDriver } from '../../../lib/capture/replay/replay-driver.js';
import { mappingOf } from '../mapping-of.js';

const HOLDS = { defaultNs: 100, byDevice: new Map([['nvme', 1000]]) };

function driven(slots = 128, startUsed = 0) {
  const copies: string[] = [];
  const driver = new ReplayDriver({ slots, areas: 1 }, startUsed, HOLDS, (toSlots, { id, size }, address) =>
    copies.push(`${toSlots ? 'to' : 'back'} ${id} ${size} at ${address}`),
  );
  const map = (given: Partial<CapturedMapping>) =>
    driver.step({ kind: 'map', timeNs: given.timeNs ?? 0, mapping: mappingOf(given) });
  const unmap = (given: Partial<CapturedMapping>, timeNs: number) =>
    driver.step({ kind: 'unmap', timeNs, mapping: mappingOf(given) });
  return { driver, copies, map, unmap };
}

describe('ReplayDriver', () => {
  it('copies to the slots of each mapping, and back what the device may have written', () => {
    const { driver, copies, map, unmap } = driven();
    const all = (['to-device', 'from-device', 'both'] as const).map((direction, at) => ({
      id: at + 1,
      direction,
      slot: 0x8000,
      size: 2048,
    }));
    for (const one of all) map(one);
    for (const one of all) unmap(one, 10);
    expect(copies).toEqual([
      'to 1 2048 at 0',
      'to 2 2048 at 2048',
      'to 3 2048 at 4096',
      'back 2 2048 at 2048',
      'back 3 2048 at 4096',
    ]);
    expect([driver.maps, driver.pool.used, driver.pool.highWater]).toEqual([3, 0, 3]);
  });

  it('holds a mapping without a told end for the time of its device, and one with it until then', () => {
    const { driver, map, unmap } = driven();
    map({ id: 1 });
    map({ id: 2, device: 'nvme' });
    map({ id: 3, slot: 0x8000 });
    map({ id: 4, timeNs: 100 });
    expect([driver.usedBefore, driver.pool.used]).toEqual([2, 3]);
    map({ id: 5, timeNs: 5000 });
    expect([driver.usedBefore, driver.pool.used]).toEqual([1, 2]);
    unmap({ id: 3 }, 5000);
    expect(driver.pool.used).toBe(1);
  });

  it('neither copies nor holds what found no slots, unless Linux had slots for it', () => {
    const { driver, copies, map, unmap } = driven(128, 128);
    map({ id: 1 });
    expect([driver.pool.used, driver.pool.failed, driver.maps]).toEqual([128, 1, 0]);
    map({ id: 2, slot: 0x8000, direction: 'both' });
    expect([driver.pool.used, driver.pool.unplaced, driver.maps]).toEqual([129, 1, 1]);
    unmap({ id: 2, direction: 'both' }, 5);
    expect(driver.pool.used).toBe(128);
    expect(copies).toEqual([]);
  });

  it('refuses what no mapping can be, and goes on', () => {
    const { driver, copies, map } = driven();
    for (const size of [0, 262_145, 2 ** 40]) map({ id: size, size });
    map({ id: 7 });
    expect(copies).toEqual([expect.stringContaining('to 7 64 at ')]);
    expect(driver.pool.failed).toBe(2);
  });

  it('ends what was mapped before the capture', () => {
    const { driver } = driven(128, 10);
    driver.step({ kind: 'earlier', timeNs: 0, slots: 3 });
    expect([driver.usedBefore, driver.pool.used]).toEqual([10, 7]);
  });
});
