import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CapturedMapping } from '../../../lib/capture/mappings/captured-mapping.js';
import { slotsAt } from '../../../lib/capture/mappings/mapping-stream.js';
import { PoolUse } from '../../../lib/capture/occupancy/pool-use.js';
import { NO_ADDRESS } from '../../../lib/swiotlb/swiotlb.js';
import { mappingOf } from '../mapping-of.js';

const mapping = (id: number, size: number, given: Partial<CapturedMapping> = {}) => mappingOf({ id, size, ...given });

describe('PoolUse', () => {
  it('begins with the slots that were in use before, and refuses more than there are', () => {
    const pool = new PoolUse({ slots: 1024, areas: 4 }, 100);
    expect([pool.used, pool.highWater, pool.swiotlb.used()]).toEqual([100, 100, 100]);
    expect(() => new PoolUse({ slots: 128, areas: 1 }, 129)).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: '129 slots cannot be in use in a pool of 128' }),
    );
  });

  it('spreads what was in use before over the areas', () => {
    const { swiotlb } = new PoolUse({ slots: 1024, areas: 4 }, 100);
    expect(swiotlb.pool.areas.used(0)).toBe(25);
  });

  it('has no more areas than segments, and room for CPUs of any number', () => {
    const pool = new PoolUse({ slots: 256, areas: 8 }, 0);
    expect(pool.shape).toEqual({ slots: 256, areas: 2 });
    expect(pool.map(mapping(1, 64, { cpu: 4095 }))).not.toBe(NO_ADDRESS);
  });

  it('keeps the offset in a page that Linux kept, and no other', () => {
    const pool = new PoolUse({ slots: 1024, areas: 1 }, 0);
    expect(pool.map(mapping(1, 64, { address: 0x1c3d, slot: 0x8c3d })) % 4096).toBe(0xc3d);
    expect(pool.map(mapping(2, 64, { address: 0x1c3d, slot: 0x8800 })) % 2048).toBe(0);
    expect(pool.map(mapping(3, 64, { address: 0x1c3d })) % 2048).toBe(0);
  });

  it('counts a mapping that Linux had slots for and it has not, but no other', () => {
    const pool = new PoolUse({ slots: 128, areas: 1 }, 100);
    expect(pool.map(mapping(1, 29 * 2048))).toBe(NO_ADDRESS);
    expect([pool.used, pool.failed, pool.unplaced]).toEqual([100, 1, 0]);
    expect(pool.unmap(1)).toBe(false);
    expect(pool.map(mapping(2, 29 * 2048, { slot: 0x8000 }))).toBe(NO_ADDRESS);
    expect([pool.used, pool.highWater, pool.failed, pool.unplaced]).toEqual([129, 129, 2, 1]);
    expect(pool.unmap(2)).toBe(true);
    expect([pool.used, pool.highWater, pool.swiotlb.used()]).toEqual([100, 129, 100]);
  });

  it('frees what was in use before, and says how much of it was not', () => {
    const pool = new PoolUse({ slots: 128, areas: 1 }, 3);
    pool.unmapEarlier(2);
    expect([pool.used, pool.missingEarlier, pool.swiotlb.used()]).toEqual([1, 0, 1]);
    pool.unmapEarlier(4);
    expect([pool.used, pool.missingEarlier, pool.swiotlb.used()]).toEqual([0, 3, 0]);
  });

  it('counts as the allocator does, and as the slots of Linux say', () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 20_000 }),
      kept: fc.integer({ min: 0, max: 2047 }),
      cpu: fc.nat(7),
      ends: fc.nat(40),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const pool = new PoolUse({ slots: 4096, areas: 4 }, 10);
        const open = new Map<number, number>();
        let most = 10;
        for (const [id, { size, kept, cpu, ends }] of steps.entries()) {
          pool.map(mapping(id, size, { cpu, address: 0x5000 + kept, slot: 0x8000 + kept }));
          open.set(id, slotsAt(kept, size));
          const used = [...open.values()].reduce((sum, slots) => sum + slots, 10);
          most = Math.max(most, used);
          expect([pool.used, pool.highWater, pool.swiotlb.used()]).toEqual([used, most, used]);
          if (open.delete(ends)) expect(pool.unmap(ends)).toBe(true);
        }
        expect(pool.swiotlb.statistics().io_tlb_used_hiwater).toBe(most);
      }),
    );
  });
});
