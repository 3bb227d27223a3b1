import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { slotHashes } from '../../../lib/trace/replay/slot-hashes.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const SLOTS = 300;
const cpu = testCpu();

/** FNV-1a over words of up to 64 bits, cut to a number of bytes each, one byte at a time. */
function hash(values: readonly number[], width: number): number {
  let state = 0x811c9dc5n;
  for (const value of values) {
    for (let byte = 0; byte < width; byte++) {
      const octet = (BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * byte)) & 0xffn;
      state = ((state ^ octet) * 0x01000193n) & 0xffffffffn;
    }
  }
  return Number(state);
}

const request = fc.record({
  mask: fc.constantFrom(0, 0xfff, 0xffff),
  origin: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 2049, max: 2 ** 32 - 1 }),
    fc.integer({ min: 2 ** 33, max: 2 ** 52 }),
    fc.integer({ min: 2 ** 32 - 9000, max: 2 ** 32 }),
    fc.integer({ min: 2 ** 40 - 9000, max: 2 ** 40 }),
  ),
  bytes: fc.integer({ min: 1, max: 40_000 }),
  alignMask: fc.constantFrom(0, 0, 4095, 65535),
  isGivenBack: fc.boolean(),
});

describe('slotHashes', () => {
  it('returns the hashes of what Linux would store, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const io = inArena((arena) => new Swiotlb(arena, { start: 2 ** 30, slots: SLOTS, areas: 1 }));
        io.reset();
        for (const { mask, origin, bytes, alignMask, isGivenBack } of requests) {
          const device = { minAlignMask: mask, segmentBoundaryMask: Infinity };
          const address = io.alloc(cpu, device, origin, bytes, alignMask);
          if (address !== -1 && isGivenBack) io.free(cpu, device, address);
        }
        const { table } = io.pool;
        const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
        const of = (value: (slot: number) => number, width: number) => hash(slots.map(value), width);
        expect(slotHashes(table)).toEqual({
          hl: of((slot) => table.freeCounter(slot), 2),
          ha: of((slot) => table.allocBytes(slot), 4),
          ho: of((slot) => table.origin(slot), 8),
          hp: of((slot) => table.padSlots(slot), 2),
        });
      }),
      { seed: 99, numRuns: 60 },
    );
  });
});
