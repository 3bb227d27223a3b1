import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findRun, isRunFree, SEGMENT_WORDS } from '../../../lib/swiotlb/slots/free-runs.js';

const SEGMENT = 128;
const SEGMENTS = 3;
const SLOTS = SEGMENTS * SEGMENT;

/** A bitmap in which all slots but these are free. */
function bitmap(taken: ReadonlySet<number>): Int32Array {
  const free = new Int32Array(SEGMENTS * SEGMENT_WORDS).fill(-1);
  for (const slot of taken) free[slot >> 5] = free[slot >> 5]! & ~(1 << (slot & 31));
  return free;
}

/** Number of slots from this one on that are free and in its segment. */
function runFrom(taken: ReadonlySet<number>, slot: number): number {
  let run = 0;
  while (!taken.has(slot + run) && (run === 0 || (slot + run) % SEGMENT !== 0)) run++;
  return run;
}

/** A few slots, some stretches, or the greater part of the bitmap. */
const taken = fc
  .oneof(
    fc.array(fc.nat({ max: SLOTS - 1 }), { maxLength: 8 }),
    fc.array(fc.nat({ max: SLOTS - 1 }), { minLength: 200, maxLength: 400 }),
    fc
      .array(fc.tuple(fc.nat({ max: SLOTS - 1 }), fc.integer({ min: 1, max: 140 })), { maxLength: 4 })
      .map((stretches) =>
        stretches.flatMap(([at, length]) => Array.from({ length: Math.min(length, SLOTS - at) }, (_, i) => at + i)),
      ),
  )
  .map((slots) => new Set(slots));
const count = fc.oneof(fc.constantFrom(1, 2, 3, 16, 31, 32, 33, 64, 128), fc.integer({ min: 1, max: SEGMENT }));
const stride = fc.nat({ max: 8 }).map((power) => 2 ** power);
const slot = fc.nat({ max: SLOTS });

describe('isRunFree', () => {
  it('tests every slot of the run, and none after the segment', () => {
    fc.assert(
      fc.property(taken, count, slot, (holes, length, at) => {
        fc.pre(at < SLOTS);
        expect(isRunFree(bitmap(holes), at, length)).toBe(runFrom(holes, at) >= length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('findRun', () => {
  it('finds the first candidate that has a run, and none from the end on', () => {
    fc.assert(
      fc.property(taken, slot, slot, count, stride, (holes, first, end, length, step) => {
        let expected = -1;
        for (let at = first; at < end && expected < 0; at += step) if (runFrom(holes, at) >= length) expected = at;
        expect(findRun(bitmap(holes), first, end, length, step)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds no run that crosses the end of a segment', () => {
    const free = bitmap(new Set());
    expect(findRun(free, 127, 384, 2, 1)).toBe(128);
    expect(findRun(free, 1, 384, 128, 1)).toBe(128);
    expect(findRun(free, 257, 384, 128, 1)).toBe(-1);
  });

  it('finds runs that begin in one word and end two words later', () => {
    const free = bitmap(new Set([29, 95]));
    expect(findRun(free, 0, 384, 65, 1)).toBe(30);
    expect(findRun(free, 0, 384, 66, 1)).toBe(128);
    expect(findRun(free, 0, 384, 65, 4)).toBe(128);
  });
});
