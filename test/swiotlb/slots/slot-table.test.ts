import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_ORIGIN, SlotTable } from '../../../lib/swiotlb/slots/slot-table.js';
import { inArena } from '../../smp/fixtures/cpus.js';

const SEGMENT = 128;

function slotTable(slots: number): SlotTable {
  const table = inArena((arena) => new SlotTable(arena, slots));
  table.reset();
  return table;
}

/** Marks slots taken one by one, so that the bitmap under test is not written by what reads it in ranges. */
function withTaken(slots: number, taken: ReadonlySet<number>): SlotTable {
  const table = slotTable(slots);
  for (const slot of taken) table.take(slot, 1, 1);
  return table;
}

describe('SlotTable', () => {
  it('tells for every run, of every length and place, if it is free', () => {
    const holes = fc
      .record({ slots: fc.integer({ min: 1, max: 400 }), taken: fc.array(fc.nat({ max: 399 }), { maxLength: 12 }) })
      .map(({ slots, taken }) => ({ slots, taken: new Set(taken.filter((slot) => slot < slots)) }));
    fc.assert(
      fc.property(holes, ({ slots, taken }) => {
        const table = withTaken(slots, taken);
        for (let slot = 0; slot < slots; slot++) {
          let run = 0;
          while (slot + run < slots && (run === 0 || (slot + run) % SEGMENT !== 0) && !taken.has(slot + run)) run++;
          expect({ slot, isFree: table.isFree(slot), freeCounter: table.freeCounter(slot) }).toEqual({
            slot,
            isFree: run > 0,
            freeCounter: run,
          });
          for (let count = 1; count <= SEGMENT + 1; count++) {
            if (table.isRunFree(slot, count) !== run >= count) expect([slot, count, run]).toEqual('decided rightly');
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('marks exactly the slots that are taken or released', () => {
    const range = fc.integer({ min: 0, max: 255 }).chain((first) =>
      fc.record({
        first: fc.constant(first),
        count: fc.integer({ min: 1, max: SEGMENT - (first % SEGMENT) }),
      }),
    );
    fc.assert(
      fc.property(range, ({ first, count }) => {
        const table = slotTable(256);
        const free = () => Array.from({ length: 256 }, (_, slot) => table.isFree(slot));
        table.take(first, count, count * 2048);
        expect(free()).toEqual(Array.from({ length: 256 }, (_, slot) => slot < first || slot >= first + count));
        table.release(first, first, count);
        expect(free()).toEqual(new Array(256).fill(true));
      }),
    );
  });
});

describe('the records of SlotTable', () => {
  it('tell what Linux stores in each slot of a mapping with padding', () => {
    const table = slotTable(128);
    table.take(4, 5, 9000);
    table.setOrigin(4, 2, 0x1234_5678_9abc);
    const slots = [3, 4, 5, 6, 7, 8, 9];
    expect(slots.map((slot) => table.allocBytes(slot))).toEqual([0, 9000, 6952, 4904, 2856, 808, 0]);
    expect(slots.map((slot) => table.padSlots(slot))).toEqual([0, 0, 0, 2, 0, 0, 0]);
    const none = NO_ORIGIN;
    const origin = 0x1234_5678_9abc;
    expect(slots.map((slot) => table.origin(slot))).toEqual([
      none,
      none,
      none,
      origin,
      origin + 2048,
      origin + 4096,
      none,
    ]);
    expect(table.firstOf(6)).toBe(4);
    expect(table.bytesAt(4)).toBe(9000);
  });

  it('hold no original for pages, and none of a neighbour', () => {
    const table = slotTable(128);
    table.take(0, 2, 4096);
    table.take(2, 2, 4096);
    table.setOrigin(2, 0, 77);
    table.take(4, 2, 4096);
    expect([0, 1, 2, 3, 4, 5].map((slot) => table.origin(slot))).toEqual([-1, -1, 77, 77 + 2048, -1, -1]);
    expect([0, 2, 4].map((slot) => table.firstOf(slot))).toEqual([0, 2, 4]);
  });

  it('say where an allocation begins for its first data slot only', () => {
    const table = slotTable(256);
    table.take(10, 4, 8192);
    table.setOrigin(10, 2, 5000);
    expect([9, 10, 11, 12, 13, 14].map((slot) => table.firstOf(slot))).toEqual([-1, -1, -1, 10, -1, -1]);
    expect([256, -1, 2 ** 31].map((slot) => table.firstOf(slot))).toEqual([-1, -1, -1]);
    table.release(10, 12, 4);
    expect(table.firstOf(12)).toBe(-1);
  });

  it('are cleared when the slots are released', () => {
    const table = slotTable(128);
    table.take(0, 3, 6000);
    table.setOrigin(0, 1, 99);
    table.release(0, 1, 3);
    for (const slot of [0, 1, 2]) {
      expect({
        allocBytes: table.allocBytes(slot),
        origin: table.origin(slot),
        padSlots: table.padSlots(slot),
      }).toEqual({ allocBytes: 0, origin: NO_ORIGIN, padSlots: 0 });
    }
    table.take(0, 3, 6144);
    expect([0, 1, 2].map((slot) => table.origin(slot))).toEqual([NO_ORIGIN, NO_ORIGIN, NO_ORIGIN]);
  });
});
