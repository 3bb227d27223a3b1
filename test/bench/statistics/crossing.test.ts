import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Crossing, type CrossingSamples, crossing } from '../../../lib/bench/statistics/crossing.js';

const KIB = 1024;
const SIZES = [1, 4, 16, 64, 256, 1024].map((size) => size * KIB);
const [SMALLEST, LARGEST] = [SIZES[0]!, SIZES.at(-1)!];
const CALM = new Array<number>(12).fill(1);

/** Costs of which the first is `ratio(size)` times the second; each round multiplies both by its weather. */
const costs = (ratio: (bytes: number) => number, weather: readonly number[] = CALM): CrossingSamples[] =>
  SIZES.map((bytes) => ({
    bytes,
    of: weather.map((factor) => factor * ratio(bytes)),
    to: weather.map((factor) => factor),
  }));
const found = (points: readonly CrossingSamples[], seed = 1): Crossing => crossing(points, seed)!;
const exactly = (size: number | null) => ({ median: size, low: size, high: size });

describe('a crossing', () => {
  it('is where the line between two sizes is at 1, in logarithms', () => {
    // The square root of 32 KiB / size is 1 at 32 KiB: half way between 16 and 64 KiB.
    expect(found(costs((bytes) => Math.sqrt((32 * KIB) / bytes)))).toEqual({
      wins: [[32 * KIB, LARGEST]],
      shown: [[32 * KIB, LARGEST]],
      smallest: exactly(32 * KIB),
      largest: exactly(LARGEST),
      rounds: 12,
    });
  });

  it('is the last size where the larger ones cost more', () => {
    expect(found(costs((bytes) => Math.sqrt(bytes / (32 * KIB))))).toMatchObject({
      wins: [[SMALLEST, 32 * KIB]],
      smallest: exactly(SMALLEST),
      largest: exactly(32 * KIB),
    });
  });

  it('is every size or none where one cost is below the other throughout', () => {
    expect(found(costs(() => 0.8))).toMatchObject({ wins: [[SMALLEST, LARGEST]], smallest: exactly(SMALLEST) });
    expect(found(costs(() => 1.2))).toMatchObject({ wins: [], smallest: exactly(null), largest: exactly(null) });
    expect(found(costs(() => 1)).wins).toEqual([]); // the same is not below
  });

  it('has a range for each stretch of sizes that costs less', () => {
    const { wins } = found(costs((bytes) => (bytes === 16 * KIB || bytes === 1024 * KIB ? 0.5 : 2)));
    expect(wins).toEqual([
      [8 * KIB, 32 * KIB],
      [512 * KIB, LARGEST],
    ]);
  });

  it('is shown where the ratios at the measured sizes are significant, with six rounds or more', () => {
    const noisy = (rounds: number) =>
      SIZES.map((bytes) => ({
        bytes,
        of: Array.from({ length: rounds }, (_, round) => (bytes < 64 * KIB ? 0.7 + (round % 3) * 0.1 : 0.5)),
        to: new Array<number>(rounds).fill(1),
      }));
    const every = [[SMALLEST, LARGEST]];
    expect(found(noisy(12))).toMatchObject({ wins: every, shown: every });
    expect(found(noisy(5))).toMatchObject({ wins: every, shown: [] });
    const noise = SIZES.map((bytes) => ({ bytes, of: CALM.map((_, round) => (round < 7 ? 0.9 : 1.2)), to: CALM }));
    expect(found(noise)).toMatchObject({ wins: every, shown: [] });
    const partly = noise.map((point) => (point.bytes < 64 * KIB ? point : { ...point, of: CALM.map(() => 0.5) }));
    expect(found(partly)).toMatchObject({ wins: every, shown: [[64 * KIB, LARGEST]] });
  });

  it('does not move with what slows both costs of a round down', () => {
    const weather = Array.from({ length: 12 }, (_, round) => 1 + round / 4);
    const ratio = (bytes: number) => (bytes < 20_000 ? 1.5 : 0.7);
    expect(found(costs(ratio, weather)).smallest).toEqual(found(costs(ratio)).smallest);
  });

  it('has an interval that says never where some rounds have no size that costs less', () => {
    const points = SIZES.map((bytes) => ({
      bytes,
      of: CALM.map((_, round) => (bytes === LARGEST ? 0.9 + (round % 3) * 0.2 : 2)),
      to: CALM,
    }));
    expect(found(points).smallest.high).toBeNull();
  });

  it('is of single rounds when there are few of them, and null without one', () => {
    const few = SIZES.map((bytes) => ({ bytes, of: [0.5, bytes > 64 * KIB ? 0.5 : 2, 0.5], to: [1, 1, 1] }));
    expect(found(few)).toMatchObject({ smallest: { median: SMALLEST, low: SMALLEST, high: 128 * KIB }, rounds: 3 });
    expect(crossing([], 1)).toBeNull();
    expect(crossing([...costs(() => 1).slice(1), { bytes: 2 * LARGEST, of: [], to: [1] }], 1)).toBeNull();
  });

  it('takes the rounds that both costs have', () => {
    const points = SIZES.map((bytes) => ({ bytes, of: [0.5, 0.5, 9], to: [1, 1] }));
    expect(found(points)).toMatchObject({ wins: [[SMALLEST, LARGEST]], rounds: 2 });
  });

  it('leaves out rounds in which something had no cost', () => {
    const points = SIZES.map((bytes, at) => ({
      bytes,
      of: [at === 2 ? 0 : 9, 0.5, 0.5],
      to: [1, 1, at === 3 ? 0 : 1],
    }));
    expect(found(points)).toMatchObject({ wins: [[SMALLEST, LARGEST]], rounds: 1 });
    expect(crossing([{ bytes: 1024, of: [0], to: [1] }], 1)).toBeNull();
  });

  it('lies between its ends, and its ranges are in order, whatever was measured', () => {
    const rounds = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(rounds, { minLength: SIZES.length, maxLength: SIZES.length }), fc.nat(), (ofs, seed) => {
        const points = SIZES.map((bytes, at) => ({ bytes, of: ofs[at]!, to: new Array<number>(8).fill(1) }));
        const one = found(points, seed);
        const ends = one.wins.flat();
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        for (const end of ends) expect(end >= SMALLEST && end <= LARGEST).toBe(true);
        const order = ({ low, median, high }: Crossing['smallest'], none: number) =>
          [low, median, high].map((size) => size ?? none);
        for (const [interval, none] of [
          [one.smallest, Infinity],
          [one.largest, -Infinity],
        ] as const) {
          const [low, median, high] = order(interval, none) as [number, number, number];
          expect({ isInside: low <= median && median <= high }).toEqual({ isInside: true });
        }
        expect(found(points, seed)).toEqual(one);
      }),
      { numRuns: 10 },
    );
  });
});
