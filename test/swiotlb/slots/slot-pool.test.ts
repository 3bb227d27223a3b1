import { describe, expect, it, jest } from '@jest/globals';
import { type DmaConstraints, lowOffset } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_SLOT, SlotPool, type SlotPoolConfig } from '../../../lib/swiotlb/slots/slot-pool.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const cpu = testCpu();
const START = 0x4000000;
const SLOT = 2048;
const ANY: DmaConstraints = { minAlignMask: 0, segmentBoundaryMask: Infinity };

function slotPool(config: Partial<SlotPoolConfig>): SlotPool {
  const pool = inArena((arena) => new SlotPool(arena, { start: START, slots: 512, areas: 1, ...config }));
  pool.reset();
  return pool;
}

const one = (pool: SlotPool, bytes = SLOT) => pool.search(cpu, 0, ANY, 0, bytes, 0);
const give = (pool: SlotPool, slot: number, device = ANY) => pool.release(cpu, device, pool.addressOf(slot));

describe('SlotPool.search', () => {
  it('goes on after the last allocation instead of taking the first hole', () => {
    const pool = slotPool({});
    expect([one(pool), one(pool), one(pool)]).toEqual([0, 1, 2]);
    give(pool, 1);
    expect(one(pool)).toBe(3);
    expect(pool.areas.index(0)).toBe(4);
  });

  it('starts again at 0 once it reaches the end', () => {
    const pool = slotPool({ slots: 128 });
    expect(one(pool, 100 * SLOT)).toBe(0);
    expect(one(pool, 28 * SLOT)).toBe(100);
    expect(pool.areas.index(0)).toBe(0);
    expect(one(pool)).toBe(NO_SLOT);
    give(pool, 0);
    expect(one(pool)).toBe(0);
  });

  it('crosses no segment, even if the slots on both sides are free', () => {
    const pool = slotPool({});
    one(pool, 100 * SLOT);
    expect(one(pool, 29 * SLOT)).toBe(128);
    expect(one(pool, 128 * SLOT)).toBe(256);
  });

  it('aligns addresses, not numbers of slots', () => {
    const pool = slotPool({ start: START + 3 * 4096 });
    const slot = pool.search(cpu, 0, ANY, 0, 32768, 32767);
    expect(slot).toBe(10);
    expect(pool.addressOf(slot) % 32768).toBe(0);
  });

  it('aligns requests of at least a page to pages, unless another alignment is asked for', () => {
    const pool = slotPool({});
    one(pool);
    expect(one(pool, 4095)).toBe(1);
    expect(one(pool, 4096)).toBe(4);
    one(pool); // 6
    const nvme = { ...ANY, minAlignMask: 511 };
    expect(pool.search(cpu, 0, nvme, 0, 65536, 0)).toBe(7);
  });

  it('misses a fitting hole after an overshoot at the end, as Linux does', () => {
    // Aligned slots are 14, 30, ... 126. From 15 one by one to 30 and on by 16 to 126; the step past the end counts
    // in full, so that slot 0 is the last one looked at, and 14 never is.
    const pool = slotPool({ slots: 128, start: START + 32768 - 14 * SLOT });
    const aligned = () => pool.search(cpu, 0, ANY, 0, SLOT, 32767);
    const taken = Array.from({ length: 128 }, () => one(pool));
    expect(taken.at(-1)).toBe(127);
    give(pool, 14);
    one(pool, SLOT); // takes 14 again: the cursor is at 15
    give(pool, 14);
    expect(aligned()).toBe(NO_SLOT);
    expect(pool.areas.index(0)).toBe(15); // a failed search moves nothing
    expect(one(pool)).toBe(14); // the hole is there
  });

  it('refuses without a search if the area has too few free slots', () => {
    const pool = slotPool({ slots: 256, areas: 2 });
    expect(pool.search(cpu, 0, ANY, 0, 100 * SLOT, 0)).toBe(0);
    expect(pool.search(cpu, 0, ANY, 0, 29 * SLOT, 0)).toBe(NO_SLOT);
    expect(pool.search(cpu, 1, ANY, 0, 29 * SLOT, 0)).toBe(128);
    expect({ used0: pool.areas.used(0), used1: pool.areas.used(1), used: pool.used() }).toEqual({
      used0: 100,
      used1: 29,
      used: 129,
    });
  });

  it('crosses no boundary of the device, counted from address 0', () => {
    const device = { ...ANY, segmentBoundaryMask: 0xffff };
    const pool = slotPool({ start: START + 0xf000 });
    expect(pool.search(cpu, 0, device, 0, 3 * SLOT, 2047)).toBe(2);
    expect(pool.search(cpu, 0, device, 0, 30 * SLOT, 2047)).toBe(34);
    expect(pool.search(cpu, 0, device, 0, 33 * SLOT, 2047)).toBe(NO_SLOT);
  });

  it('reproduces the low address bits that the device needs', () => {
    const pool = slotPool({});
    const device = { ...ANY, minAlignMask: 0xffff };
    const slot = pool.search(cpu, 0, device, 0x1234_9c10, 1000, 0);
    expect(pool.addressOf(slot) % 0x10000).toBe(0x9800);
    expect(lowOffset(0x1234_9c10, device)).toBe(0x410);
  });

  it('uses a last segment that is shorter', () => {
    const pool = slotPool({ slots: 333 });
    one(pool, 128 * SLOT);
    one(pool, 128 * SLOT);
    expect(one(pool, 78 * SLOT)).toBe(NO_SLOT);
    expect(one(pool, 77 * SLOT)).toBe(256);
    expect(one(pool)).toBe(NO_SLOT);
    expect(give(pool, 256)).toBe(77);
    expect(pool.table.freeCounter(256)).toBe(77);
  });
});

describe('SlotPool.release', () => {
  it('frees the padding too', () => {
    const pool = slotPool({});
    const first = pool.search(cpu, 0, ANY, 0, 65536, 65535);
    pool.table.setOrigin(first, 18, 0x9000);
    expect(pool.release(cpu, ANY, pool.addressOf(first + 18))).toBe(32);
    expect(pool.used()).toBe(0);
  });

  it('refuses an address that is not, or no longer, the first data byte of an allocation', () => {
    const pool = slotPool({});
    const first = pool.search(cpu, 0, ANY, 0, 65536, 65535);
    pool.table.setOrigin(first, 18, 0x9000);
    const refused = expect.objectContaining({ code: 'ERR_BAD_ADDRESS' });
    for (const slot of [first, first + 1, first + 17, first + 19, first + 32, -1, 512]) {
      expect(() => give(pool, slot)).toThrow(refused);
    }
    // 2^32 bytes away, where 32-bit arithmetic would come back to the same slot.
    for (const far of [2 ** 32, -(2 ** 32), 2 ** 40]) {
      expect(() => pool.release(cpu, ANY, pool.addressOf(first + 18) + far)).toThrow(refused);
    }
    expect(pool.used()).toBe(32);
    expect(give(pool, first + 18)).toBe(32);
    expect(() => give(pool, first + 18)).toThrow(refused);
    expect(pool.used()).toBe(0);
  });
});

describe('SlotPool.contains', () => {
  it('is true for its own addresses only, also far above 4 GiB', () => {
    const start = 2 ** 45 + 4096;
    const pool = slotPool({ start });
    const end = start + 512 * SLOT;
    expect(pool.end).toBe(end);
    expect([start - 1, start, end - 1, end, 0].map((at) => pool.contains(at))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect([start, start + 2047, start + 2048, end - 1].map((at) => pool.slotOf(at))).toEqual([0, 0, 1, 511]);
    expect(pool.addressOf(511)).toBe(end - SLOT);
  });
});

describe('SlotPool.searchBlocks', () => {
  const BLOCK = 16 * SLOT;
  const slots = new Int32Array(16);
  const blocks = (pool: SlotPool, count: number, device = ANY) => [
    ...slots.subarray(0, pool.searchBlocks(cpu, 0, device, BLOCK, count, slots)),
  ];

  it.each([
    ['no constraints', ANY],
    ['a minimum alignment', { ...ANY, minAlignMask: 511 }],
    ['a segment boundary', { ...ANY, segmentBoundaryMask: 0xffff }],
  ])('finds for a device with %s the blocks that single searches find one after the other', (_, device) => {
    const [batched, single] = [slotPool({ start: START + 3 * 4096 }), slotPool({ start: START + 3 * 4096 })];
    for (const pool of [batched, single]) {
      for (let slot = 0; slot < 40; slot++) one(pool);
      for (const slot of [5, 6, 30]) give(pool, slot);
    }
    const expected = Array.from({ length: 16 }, () => single.search(cpu, 0, device, 0, BLOCK, BLOCK - 1));
    expect(blocks(batched, 16, device)).toEqual(expected);
    expect([batched.used(), batched.areas.index(0)]).toEqual([single.used(), single.areas.index(0)]);
    expect(Array.from({ length: 512 }, (__, slot) => batched.table.allocBytes(slot))).toEqual(
      Array.from({ length: 512 }, (__, slot) => single.table.allocBytes(slot)),
    );
  });

  it('takes what there is, when there are fewer', () => {
    const pool = slotPool({ slots: 128 });
    one(pool);
    expect(blocks(pool, 16)).toEqual([16, 32, 48, 64, 80, 96, 112]);
    expect(blocks(pool, 16)).toEqual([]);
    expect(pool.used()).toBe(7 * 16 + 1);
  });

  it('takes the lock of the area once, and releases it', () => {
    const pool = slotPool({});
    const lock = jest.spyOn(pool.areas, 'lock');
    const unlock = jest.spyOn(pool.areas, 'unlock');
    blocks(pool, 16);
    expect([lock.mock.calls.length, unlock.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('SlotPool.releaseBlocks', () => {
  const BLOCK = 16 * SLOT;
  const slots = new Int32Array(16);

  it('frees blocks, and takes the lock of an area once for those that follow each other in it', () => {
    const pool = slotPool({ areas: 2 });
    const first = pool.searchBlocks(cpu, 0, ANY, BLOCK, 8, slots);
    pool.searchBlocks(cpu, 1, ANY, BLOCK, 8, slots.subarray(first));
    expect(pool.used()).toBe(256);
    const lock = jest.spyOn(pool.areas, 'lock');
    const unlock = jest.spyOn(pool.areas, 'unlock');
    pool.releaseBlocks(cpu, slots, 1, 16, BLOCK);
    expect([lock.mock.calls.map(([, area]) => area), unlock.mock.calls.map(([area]) => area)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect([pool.areas.used(0), pool.areas.used(1)]).toEqual([16, 0]);
    expect(Array.from({ length: 512 }, (_, slot) => pool.table.isFree(slot)).indexOf(true)).toBe(16);
  });

  it('refuses what is not a block of that size, without keeping a lock', () => {
    const pool = slotPool({});
    pool.searchBlocks(cpu, 0, ANY, BLOCK, 2, slots);
    for (const wrong of [1, 16 * 2, 512, -3]) {
      slots[1] = wrong;
      expect(() => pool.releaseBlocks(cpu, slots, 1, 2, BLOCK)).toThrow(
        expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }),
      );
    }
    expect(() => pool.releaseBlocks(cpu, slots, 0, 1, 2 * BLOCK)).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }),
    );
    pool.releaseBlocks(cpu, Int32Array.of(0, 16), 0, 2, BLOCK);
    expect(() => pool.releaseBlocks(cpu, slots, 0, 1, BLOCK)).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }),
    );
    expect([pool.used(), one(pool)]).toEqual([0, 32]);
  });
});

describe('new SlotPool', () => {
  it.each([
    ['ERR_OUT_OF_RANGE', { start: 1 }],
    ['ERR_OUT_OF_RANGE', { start: -4096 }],
    ['ERR_OUT_OF_RANGE', { start: Number.NaN }],
    ['ERR_OUT_OF_RANGE', { slots: Number.NaN }],
    ['ERR_OUT_OF_RANGE', { slots: '256' as unknown as number }],
    ['ERR_OUT_OF_RANGE', { slots: 0 }],
    ['ERR_OUT_OF_RANGE', { slots: 300, areas: 2 }],
    ['ERR_NOT_POWER_OF_TWO', { areas: 7, slots: 7 * 128 }],
    ['ERR_NOT_POWER_OF_TWO', { areas: 0 }],
  ])('throws %s for %j', (code, config) => {
    expect(() => slotPool(config)).toThrow(expect.objectContaining({ code }));
  });
});
