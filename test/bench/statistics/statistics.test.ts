import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fairCoinAtMost,
  hasInterval,
  lowPosition,
  medianInterval,
  medianRecord,
  rankConfidence,
  relativeSpread,
  summarize,
} from '../../../lib/bench/statistics/statistics.js';

const samples = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 80 });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

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

describe('the interval between two ranks', () => {
  // As in tables of the sign test and of confidence intervals for the median: the largest rank that keeps 95 %.
  it.each([
    [6, 1, 0.969],
    [7, 1, 0.984],
    [8, 1, 0.992],
    [9, 2, 0.961],
    [10, 2, 0.979],
    [11, 2, 0.988],
    [12, 3, 0.961],
    [13, 3, 0.978],
    [14, 3, 0.987],
    [15, 4, 0.965],
    [16, 4, 0.979],
    [17, 5, 0.951],
    [18, 5, 0.969],
    [19, 5, 0.981],
    [20, 6, 0.959],
    [21, 6, 0.973],
    [22, 6, 0.983],
    [23, 7, 0.965],
    [24, 7, 0.977],
    [25, 8, 0.957],
  ])('of %i samples is exact: rank %i has confidence %d, and the interpolated one lies before the next', (...row) => {
    const [count, rank, confidence] = row;
    expect(rankConfidence(rank, count)).toBeCloseTo(confidence, 3);
    expect(rankConfidence(rank + 1, count)).toBeLessThan(0.95);
    expect(lowPosition(count)).toBeGreaterThanOrEqual(rank);
    expect(lowPosition(count)).toBeLessThan(rank + 1);
  });

  it('is interpolated by the formula of Hettmansperger and Sheather', () => {
    // Ten samples: ranks 2 and 3 have 1 - 22/1024 and 1 - 112/1024.
    const share = (1 - 22 / 1024 - 0.95) / (90 / 1024);
    const weight = (8 * share) / (2 + 6 * share);
    expect(lowPosition(10)).toBeCloseTo(2 + weight, 12);
    const { low, high } = medianInterval([10, 1, 70, 2, 60, 3, 50, 4, 30, 5], 1);
    expect(low).toBeCloseTo((1 - weight) * 2 + weight * 3, 12);
    expect(high).toBeCloseTo((1 - weight) * 60 + weight * 50, 12);
  });

  it('is as wide as chance has it for many samples: 1.96 standard deviations of a fair coin to each side', () => {
    for (const count of [400, 1000]) {
      expect((count + 1) / 2 - lowPosition(count)).toBeCloseTo((1.959964 * Math.sqrt(count)) / 2, 0);
    }
  });

  it('grows with the root of the inflation, at most to the extremes', () => {
    expect(50.5 - lowPosition(100, 4)).toBeCloseTo(2 * (50.5 - lowPosition(100)), 9);
    expect(lowPosition(10, 19)).toBe(1);
    expect(medianInterval(upTo(10), 19)).toMatchObject({ low: 1, high: 10 });
  });
});

describe('medianInterval', () => {
  it('says that few samples do not reach 95 %, and one sample nothing', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toEqual({ low: 1, high: 5, confidence: 0.9375 });
    expect(medianInterval([3])).toEqual({ low: 3, high: 3, confidence: 0 });
  });

  it('returns an interval that holds the median and lies within the samples', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const { median, low, high, confidence } = summarize(values);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
        expect(confidence).toBe(values.length < 6 ? 1 - 2 ** (1 - values.length) : 0.95);
        expect(medianInterval([...values].reverse(), 1)).toEqual(medianInterval(values, 1));
      }),
    );
  });

  it('returns an interval that moves and scales with the samples', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const { low, high } = medianInterval(values);
        const moved = medianInterval(values.map((value) => 2 * value + 7));
        expect(moved.low).toBeCloseTo(2 * low + 7, 6);
        expect(moved.high).toBeCloseTo(2 * high + 7, 6);
      }),
    );
  });

  it('returns a wider interval for samples that are like those before them', () => {
    const mixed = [5, 12, 1, 9, 3, 11, 2, 10, 6, 8, 4, 7];
    const { low, high } = medianInterval(mixed);
    const drifting = medianInterval(upTo(12));
    expect(medianInterval(mixed)).toEqual(medianInterval(mixed, 1));
    expect(drifting.low).toBeLessThan(low);
    expect(drifting.high).toBeGreaterThan(high);
  });

  it('leaves out samples that are missing or not finite', () => {
    const whole = [4, 8, 1, 9, 2, 7, 3];
    const holed = [4, null, 8, 1, Number.NaN, 9, 2, Number.POSITIVE_INFINITY, 7, 3, null];
    expect(summarize(holed)).toEqual(summarize(whole));
    expect(() => summarize([null])).toThrow();
  });

  it('returns equal values as they are', () => {
    const value = 0.1 + 0.2;
    expect(summarize(new Array(12).fill(value))).toEqual({ median: value, low: value, high: value, confidence: 0.95 });
  });
});

describe('a summary', () => {
  it('keeps outliers', () => {
    expect(summarize([1, 1e9, 1, 1, 1, 1, 1e9, 1e9]).high).toBe(1e9);
  });

  it('has an interval if it is of several samples or rounds', () => {
    expect(hasInterval(summarize([3]))).toBe(false);
    expect(hasInterval(summarize([3, 3]))).toBe(true);
    expect(hasInterval({ rounds: 1 })).toBe(false);
    expect(hasInterval({ rounds: 2 })).toBe(true);
  });

  it('has a spread that is relative to the median', () => {
    expect(relativeSpread({ median: 10, low: 9, high: 11, confidence: 0.95 })).toBeCloseTo(0.1);
    expect(relativeSpread({ median: 0, low: 0, high: 0, confidence: 0.95 })).toBe(0);
  });

  it('has the median of each name over the records that have it', () => {
    expect(medianRecord([{ a: 1, b: 5 }, { a: 9 }, { a: 2, b: 7 }])).toEqual({ a: 2, b: 6 });
    expect(medianRecord([{ a: 1, b: Number.NaN }, { a: Number.POSITIVE_INFINITY }])).toEqual({ a: 1 });
  });
});
