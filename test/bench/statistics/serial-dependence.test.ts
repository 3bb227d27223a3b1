import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INDEPENDENT } from '../../../benchmarks/shared/simulated-rounds.js';
import { inflationOf, rankAutocorrelation, serialInflation } from '../../../lib/bench/statistics/serial-dependence.js';
import { random } from '../../../lib/random.js';

const series = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 40 });

describe('the rank autocorrelation', () => {
  it.each([
    // Ranks less their mean -1, 0, 1: products 0 + 0, squares 2.
    [[10, 20, 30], 0],
    // -1.5, -0.5, 0.5, 1.5: products 0.75 - 0.25 + 0.75, squares 5.
    [[1, 2, 3, 4], 0.25],
    // -1.5, 1.5, -0.5, 0.5: products -2.25 - 0.75 - 0.25.
    [[1, 9, 2, 3], -0.65],
    // Two and two are equal: -1, -1, 1, 1: products 1 - 1 + 1, squares 4.
    [[5, 5, 7, 7], 0.25],
    [[4, 4, 4, 4, 4], 0],
    [[1], 0],
    [[], 0],
  ])('of %j is %d', (values, expected) => {
    expect(rankAutocorrelation(values)).toBeCloseTo(expected, 12);
  });

  it('depends on the order of values alone, and is the same backwards', () => {
    fc.assert(
      fc.property(series, (values) => {
        const found = rankAutocorrelation(values);
        expect(rankAutocorrelation(values.map((value) => Math.exp(value)))).toBe(found);
        expect(rankAutocorrelation([...values].reverse())).toBeCloseTo(found, 12);
        expect(Math.abs(found)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is not decided by one outlier', () => {
    const calm = [3, 4, 1, 5, 2, 6, 9, 7, 8];
    const hit = calm.map((value) => (value === 9 ? 9e9 : value));
    expect(rankAutocorrelation(hit)).toBe(rankAutocorrelation(calm));
  });

  it('is about -1/n in the mean if rounds are independent', () => {
    const next = random(3);
    for (const source of INDEPENDENT) {
      let sum = 0;
      for (let run = 0; run < 4000; run++) sum += rankAutocorrelation(source.rounds(12, next));
      expect(Math.abs(sum / 4000 + 1 / 12)).toBeLessThan(0.02);
    }
  });
});

describe('the inflation of rounds', () => {
  it.each([
    [-0.8, 1],
    [0, 1],
    [0.5, 3],
    [0.9, 19],
    [1, 19],
  ])('that correlate by %d is %d', (correlation, inflation) => {
    expect(inflationOf(correlation)).toBeCloseTo(inflation, 12);
  });

  it('is 1 if they alternate, and more if they drift', () => {
    expect(serialInflation([1, 9, 2, 8, 3, 7])).toBe(1);
    expect(serialInflation(Array.from({ length: 30 }, (_, round) => round))).toBeGreaterThan(5);
  });
});
