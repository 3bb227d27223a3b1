import { describe, expect, it } from '@jest/globals';
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
