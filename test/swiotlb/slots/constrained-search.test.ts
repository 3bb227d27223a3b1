/** Searches of slot pools that are full of holes, for devices with each kind of constraint and with none. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lowOffset } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_SLOT, SlotPool, type SlotPoolConfig } from '../../../lib/swiotlb/slots/slot-pool.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';
import { extent, NaiveAllocator } from '../naive-allocator.js';

const SLOT = 2048;
const NOTHING = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const cpu = testCpu();

/** Allocates all slots one by one, frees those that `isFree` names, and moves the cursor after the slot `last`. */
function holes(config: SlotPoolConfig, isFree: (slot: number) => boolean, last: number) {
  const pool = inArena((arena) => new SlotPool(arena, config));
  pool.reset();
  const naive = new NaiveAllocator(config.start, config.slots, config.areas);
  const both = (area: number) => {
    const slot = pool.search(cpu, area, NOTHING, 0, SLOT, 0);
    expect(naive.mapIn(area, NOTHING, 0, SLOT, 0)).toBe(slot === NO_SLOT ? -1 : pool.addressOf(slot));
  };
  const give = (slot: number) => {
    pool.release(cpu, NOTHING, pool.addressOf(slot));
    naive.unmap(NOTHING, pool.addressOf(slot));
  };
  for (let area = 0; area < config.areas; area++) {
    for (let slot = 0; slot < pool.areaSlots; slot++) both(area);
    give(area * pool.areaSlots + last);
    both(area);
  }
  for (let slot = 0; slot < pool.areaSlots * config.areas; slot++) if (isFree(slot)) give(slot);
  return { pool, naive };
}

const device = fc.record({
  minAlignMask: fc.constantFrom(0, 0, 511, 4095, 32767, 65535),
  segmentBoundaryMask: fc.constantFrom(Infinity, Infinity, 0x7ff, 0x3fff, 0xffff, 0x3ffff, 0xffffffff),
});
const request = fc.record({
  device,
  origin: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 40 })),
  bytes: fc.oneof(fc.integer({ min: 1, max: 5 * SLOT }), fc.integer({ min: 1, max: 100 * SLOT })),
  alignMask: fc.constantFrom(0, 0, 4095, 32767, 65535),
});
const shape = fc.record({
  start: fc.nat({ max: 63 }).map((page) => 0xfff00000 + page * 4096),
  segments: fc.integer({ min: 1, max: 3 }),
  areas: fc.constantFrom(1, 2),
  odd: fc.nat({ max: 127 }),
  /** Of 256 bits, repeated: which slots are free. */
  pattern: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  mostly: fc.constantFrom('free', 'taken', 'either'),
  last: fc.nat(),
});

describe('ConstrainedSearch', () => {
  it('ends at the slot at which a naive model of Linux ends, among any holes', () => {
    fc.assert(
      fc.property(shape, request, ({ start, segments, areas, odd, pattern, mostly, last }, asked) => {
        const slots = areas * segments * 128 + (areas === 1 ? odd : 0);
        const bit = (slot: number) => ((pattern[(slot >> 3) & 31]! >> (slot & 7)) & 1) === 1;
        const isFree = {
          free: (slot: number) => bit(slot) || bit(slot * 5 + 1) || bit(slot * 3 + 7),
          taken: (slot: number) => bit(slot) && bit(slot * 5 + 1) && bit(slot * 3 + 7),
          either: bit,
        }[mostly];
        const { pool, naive } = holes({ start, slots, areas }, isFree, last % Math.floor(slots / areas));
        const { total, offset } = extent(asked.device, asked.origin, asked.bytes, asked.alignMask);
        fc.pre(total <= 128 * SLOT);
        for (let area = 0; area < areas; area++) {
          const slot = pool.search(cpu, area, asked.device, asked.origin, total, asked.alignMask);
          const address = naive.mapIn(area, asked.device, asked.origin, asked.bytes, asked.alignMask);
          expect(slot).toBe(address < 0 ? NO_SLOT : Math.floor((address - offset - start) / SLOT));
          expect(pool.areas.index(area)).toBe(naive.index[area]);
          if (slot !== NO_SLOT) {
            expect(pool.table.bytesAt(slot)).toBe(total - lowOffset(asked.origin, asked.device));
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it('counts the step past the end in full, and so misses the only hole, as Linux does', () => {
    // Aligned slots are 14, 30, ... 126: from 15 to 30, on by 16 to 126, and past the end; slot 0 is the last one seen.
    const start = 0x4000000 + 32768 - 14 * SLOT;
    const bounded = { ...NOTHING, segmentBoundaryMask: 0xffffffff };
    const search = (last: number) => {
      const { pool } = holes({ start, slots: 128, areas: 1 }, (slot) => slot === 14, last);
      return pool.search(cpu, 0, bounded, 0, SLOT, 32767);
    };
    expect({ search14: search(14), search29: search(29), search30: search(30) }).toEqual({
      search14: NO_SLOT,
      search29: 14,
      search30: 14,
    });
  });
});
