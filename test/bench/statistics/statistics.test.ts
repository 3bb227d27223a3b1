import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fairCoinAtMost,
  medianInterval,
  medianRecord,
  relativeSpread,
  summarize,
} from '../../../lib/bench/statistics/statistics.js';
import { random } from '../../../lib/random.js';

const samples = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 80 });

describe('fairCoinAtMost', () => {
  it.each([
    [0, 1, 0.5],
    [1, 2, 0.75],
    [0, 5, 1 / 32],
    [2, 10, 56 / 1024],
    [5, 5, 1],
  ])('returns the chance of at most %i heads in %i tosses', (heads, tosses, chance) => {
    expect(fairCoinAtMost(heads, tosses)).toBeCloseTo(chance, 12);
  });
});

describe('medianInterval', () => {
  // Positions of the order statistics from the tables of the sign test.
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [10, 2, 9],
    [15, 4, 12],
    [20, 6, 15],
    [30, 10, 21],
    [100, 40, 61],
  ])('returns for the samples 1 to %i the interval from %i to %i', (count, low, high) => {
    const interval = medianInterval(Array.from({ length: count }, (_, index) => index + 1));
    expect(interval).toMatchObject({ low, high });
    expect(interval.confidence).toBeGreaterThanOrEqual(0.95);
  });

  it('says that few samples do not reach 95 %', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ low: 1, high: 5, confidence: 0.9375 });
    expect(medianInterval([3])).toEqual({ low: 3, high: 3, confidence: 0 });
  });

  it('returns an interval that holds the median and lies within the samples, in any order', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const { median, low, high } = summarize(values);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
        expect(summarize([...values].reverse())).toEqual({ ...summarize(values) });
      }),
    );
  });

  it('returns an interval that moves and scales with the samples', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const { low, high } = medianInterval(values);
        const moved = medianInterval(values.map((value) => 2 * value + 7));
        expect(moved).toMatchObject({ low: 2 * low + 7, high: 2 * high + 7 });
      }),
    );
  });

  it('returns an interval that covers the true median as often as it says', () => {
    const next = random(11);
    for (const count of [6, 10, 30]) {
      let covered = 0;
      const trials = 2000;
      for (let trial = 0; trial < trials; trial++) {
        // Exponential: skewed, as times are. Its median is ln 2.
        const { low, high } = medianInterval(Array.from({ length: count }, () => -Math.log(1 - next())));
        if (low <= Math.LN2 && Math.LN2 <= high) covered++;
      }
      const promised = medianInterval(new Array(count).fill(0)).confidence;
      expect(Math.abs(covered / trials - promised)).toBeLessThan(0.02);
    }
  });
});

describe('a summary', () => {
  it('keeps outliers', () => {
    expect(summarize([1, 1, 1, 1, 1, 1e9]).high).toBe(1e9);
  });

  it('has a spread that is relative to the median', () => {
    expect(relativeSpread({ median: 10, low: 9, high: 11, confidence: 0.95 })).toBeCloseTo(0.1);
    expect(relativeSpread({ median: 0, low: 0, high: 0, confidence: 0.95 })).toBe(0);
  });

  it('has the median of each name over the records that have it', () => {
    expect(medianRecord([{ a: 1, b: 5 }, { a: 3 }, { a: 2, b: 7 }])).toEqual({ a: 2, b: 6 });
    expect(medianRecord([{ a: 1, b: Number.NaN }, { a: Number.POSITIVE_INFINITY }])).toEqual({ a: 1 });
  });
});
