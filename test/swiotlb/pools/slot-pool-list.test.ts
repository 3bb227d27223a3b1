import { describe, expect, it } from '@jest/globals';
import { LISTED, NO_SLOT_POOL, SlotPoolList } from '../../../lib/swiotlb/pools/slot-pool-list.js';
import { slotPoolsOf } from '../../../lib/trace/replay/snapshot.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const cpu = testCpu();
const BOOT = { start: 2 ** 30, slots: 128, areas: 1 };
const small = (start: number) => ({ start, slots: 10, areas: 1 });

function poolList(added = 2, transient = 4): SlotPoolList {
  const list = inArena((arena) => new SlotPoolList(arena, BOOT, { added, transient, devices: 2 }));
  list.reset();
  return list;
}

describe('SlotPoolList', () => {
  it('begins with the boot pool', () => {
    const list = poolList();
    expect(slotPoolsOf(list)).toEqual([0]);
    expect(slotPoolsOf(list, 1)).toEqual([]);
    expect(list.pool(0)).toMatchObject({ start: BOOT.start, slots: BOOT.slots });
    expect(list.isTransient(0)).toBe(false);
  });

  it('puts the newest slot pool first in each list', () => {
    const list = poolList();
    const [a, b] = [1, 2].map((n) => list.create(cpu, { start: n * 2 ** 20, slots: 512, areas: 4 }, false));
    const c = list.create(cpu, small(2 ** 24), true);
    expect(slotPoolsOf(list)).toEqual([0]); // made, and not published
    list.link(cpu, LISTED, a!);
    list.link(cpu, LISTED, b!);
    list.link(cpu, 2, c);
    expect([slotPoolsOf(list), slotPoolsOf(list, 1), slotPoolsOf(list, 2)]).toEqual([[b, a, 0], [], [c]]);
    expect([a!, b!, c].map((pool) => list.isTransient(pool))).toEqual([false, false, true]);
    expect(list.pool(b!)).toMatchObject({ start: 2 * 2 ** 20, slots: 512, areaSlots: 128 });
  });

  it.each([0, 1, 2])('removes the slot pool at position %i, and refuses to do so twice', (position) => {
    const list = poolList();
    const pools = [1, 2, 3].map((n) => list.create(cpu, small(n * 2 ** 20), true));
    for (const pool of pools) list.link(cpu, 1, pool);
    const before = slotPoolsOf(list, 1);
    const [victim] = before.splice(position, 1);
    const onward = list.next(victim!);
    list.unlink(cpu, 1, victim!);
    expect(slotPoolsOf(list, 1)).toEqual(before);
    expect(list.next(victim!)).toBe(onward); // a thread that is reading it can go on
    expect(() => list.unlink(cpu, 1, victim!)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    list.link(cpu, 1, list.create(cpu, small(2 ** 25), true)); // the lock is free again
  });

  it('has a limited number of records, and uses them again only after `discard`', () => {
    const list = poolList(1, 1);
    const added = list.create(cpu, { start: 0, slots: 512, areas: 4 }, false);
    expect(list.create(cpu, { start: 0, slots: 512, areas: 4 }, false)).toBe(NO_SLOT_POOL);
    const first = list.create(cpu, small(2 ** 20), true);
    expect(first).not.toBe(added);
    list.pool(first).search(cpu, 0, { minAlignMask: 0, segmentBoundaryMask: Infinity }, 0, 4096, 0);
    expect(list.create(cpu, small(2 ** 21), true)).toBe(NO_SLOT_POOL);
    list.discard(first);
    expect(list.create(cpu, { start: 2 ** 22, slots: 20, areas: 1 }, true)).toBe(first);
    expect(list.pool(first)).toMatchObject({ start: 2 ** 22, slots: 20 });
    expect(list.pool(first).used()).toBe(0);
  });

  it('forgets at a reset what its records held', () => {
    const list = poolList();
    list.create(cpu, small(2 ** 20), true);
    list.reset();
    const pool = list.create(cpu, { start: 2 ** 22, slots: 20, areas: 1 }, true);
    expect(list.pool(pool)).toMatchObject({ start: 2 ** 22, slots: 20 });
  });
});
