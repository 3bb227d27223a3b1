import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { BlockRecords, FREED, NEVER } from '../../lib/slots/block-records.js';
import { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const AREA = 256;
const cpu = testCpu();

function records() {
  const made = inArena((arena) => ({
    blocks: new BlockRecords(arena, 2 * AREA),
    pool: new SlotPool(arena, { start: 0, slots: 2 * AREA, areas: 2 }),
  }));
  made.pool.reset();
  return made;
}

function tableOf({ table }: SlotPool) {
  return Array.from({ length: 2 * AREA }, (_, slot) => [table.isFree(slot), table.bytesAt(slot), table.isFirst(slot)]);
}

describe('BlockRecords', () => {
  it('lets one caller claim a block', () => {
    const { blocks } = records();
    blocks.begin(3, 5000, 1);
    expect([blocks.claim(3), blocks.claim(3), blocks.claim(4)]).toEqual([5000, FREED, NEVER]);
  });

  it('lets one caller claim a block also when another does so between its look and its claim', () => {
    const { blocks } = records();
    blocks.begin(3, 5000, 1);
    const { load } = Atomics;
    let other = NEVER;
    const look = jest.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, at: number) => {
      const seen = load(words, at);
      look.mockRestore();
      other = blocks.claim(3);
      return seen;
    }) as typeof Atomics.load);
    expect([blocks.claim(3), other]).toEqual([FREED, 5000]);
  });

  it('knows who took a block from the instant at which there is one, at which its thread may end', () => {
    const { blocks } = records();
    const { store } = Atomics;
    const end = jest.spyOn(Atomics, 'store').mockImplementation(((words: Int32Array, at: number, value: number) => {
      store(words, at, value);
      throw new Error('the thread has ended');
    }) as unknown as typeof Atomics.store);
    expect(() => blocks.begin(3, 5000, 7)).toThrow('the thread has ended');
    end.mockRestore();
    expect(blocks.endBlocksOf(7, 0, 10)).toBe(5000);
  });

  it('ends the blocks of one taker in a range of slots', () => {
    const { blocks } = records();
    blocks.begin(10, 500, 1);
    blocks.begin(11, 600, 2);
    blocks.begin(12, 700, 1);
    blocks.begin(20, 800, 1);
    expect(blocks.endBlocksOf(1, 0, 20)).toBe(1200);
    expect([10, 11, 12, 20].map((slot) => blocks.claim(slot))).toEqual([FREED, 600, FREED, 800]);
  });

  it('finds the block of each of its slots, and no other', () => {
    const { blocks } = records();
    blocks.begin(130, 5000, 1);
    blocks.begin(133, 1, 1);
    expect([129, 130, 132, 133, 134, 257].map((slot) => blocks.blockOf(slot))).toEqual([-1, 130, 130, 133, -1, -1]);
  });

  it('repairs the tables of an area, whatever state they are in, and leaves those of others alone', () => {
    const wreck = fc.record({ slot: fc.nat(AREA - 1), count: fc.integer({ min: 1, max: 20 }), takes: fc.boolean() });
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 40 });
    const state = fc.record({ sizes, frees: fc.array(fc.nat(), { maxLength: 20 }), wrecks: fc.array(wreck) });
    fc.assert(
      fc.property(state, fc.integer({ min: -1000, max: 1000 }), ({ sizes: all, frees, wrecks }, index) => {
        const { blocks, pool } = records();
        const held: number[] = [];
        for (const bytes of all) {
          const slot = pool.searchAreas(cpu, ANY, 0, bytes, 0);
          if (slot < 0) continue;
          blocks.begin(slot, bytes, 1);
          held.push(slot);
        }
        for (const which of frees) {
          if (held.length === 0) break;
          const [slot] = held.splice(which % held.length, 1) as [number];
          blocks.claim(slot);
          pool.release(cpu, ANY, pool.addressOf(slot));
        }
        const before = { table: tableOf(pool), used: pool.used() };
        pool.areas.lock(cpu, 0);
        for (const { slot, count, takes } of wrecks) {
          const fits = Math.min(count, AREA - slot);
          if (takes) pool.table.take(slot, fits, 99_999);
          else pool.table.release(slot, slot, fits);
        }
        pool.areas.advance(0, 1234, index);
        blocks.repair(pool, 0);
        expect({ table: tableOf(pool), used: pool.used() }).toEqual(before);
        const last = pool.search(cpu, 0, ANY, 0, 1, 0); // is not locked, and has a place to begin at
        expect(last === -1 || blocks.blockOf(last) === -1).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it.each([0, 1, AREA - 1])('keeps the place %i, at which the next search begins', (index) => {
    const { blocks, pool } = records();
    pool.areas.advance(0, 0, index);
    blocks.repair(pool, 0);
    expect(pool.areas.index(0)).toBe(index);
  });

  it.each([-1, AREA, AREA + 1])('does not keep the place %i, which is outside of the area', (index) => {
    const { blocks, pool } = records();
    pool.areas.advance(0, 0, index);
    blocks.repair(pool, 0);
    expect(pool.areas.index(0)).toBe(0);
  });
});
