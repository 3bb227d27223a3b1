import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normal } from '../../../benchmarks/shared/simulated-rounds.js';
import { pairedRatio } from '../../../lib/bench/statistics/paired-ratio.js';
import { random } from '../../../lib/random.js';

// Whole numbers over powers of two: ratios that are equal are so the other way round, too, whatever is rounded.
const rates = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 40 });

describe('pairedRatio', () => {
  it('cancels load that affects both cells of a round', () => {
    const weather = [1, 5, 0.2, 3, 9, 0.5, 2, 7];
    const ratio = pairedRatio(
      weather.map((value) => 2 * value),
      weather,
    );
    expect(ratio).toEqual({ median: 2, low: 2, high: 2, rounds: 8, significant: true });
  });

  it('calls no effect below 3 % significant, however narrow its interval', () => {
    const ones = new Array<number>(20).fill(1);
    expect(
      pairedRatio(
        ones.map(() => 1.029),
        ones,
      )!.significant,
    ).toBe(false);
    expect(
      pairedRatio(
        ones.map(() => 1.031),
        ones,
      )!.significant,
    ).toBe(true);
    expect(
      pairedRatio(
        ones,
        ones.map(() => 1.031),
      )!.significant,
    ).toBe(true);
    expect(pairedRatio(ones, ones)!.significant).toBe(false);
  });

  it('judges a loss as it judges the gain that it is the inverse of', () => {
    const judged = (ratio: number) => pairedRatio(new Array(8).fill(ratio), new Array(8).fill(1))!.significant;
    expect([judged(1.031), judged(1 / 1.0305), judged(1.029), judged(1 / 1.029)]).toEqual([true, true, false, false]);
  });

  it('calls no effect significant if the interval holds 1, or with fewer than six rounds', () => {
    expect(pairedRatio([2, 0.5, 2, 0.5, 2, 0.5, 2, 2], new Array(8).fill(1))!.significant).toBe(false);
    expect(pairedRatio([2, 2, 2, 2, 2], [1, 1, 1, 1, 1])).toMatchObject({ significant: false, rounds: 5 });
  });

  it('pairs samples by round, and leaves out rounds with one sample or with a zero', () => {
    expect(pairedRatio([2, 4, 9], [1, 2])!.rounds).toBe(2);
    expect(pairedRatio([2, 0, 4], [1, 1, 0])!.rounds).toBe(1);
    expect(pairedRatio([0], [1])).toBeNull();
    expect(pairedRatio([], [])).toBeNull();
  });

  it('leaves out rounds in which a sample failed', () => {
    const ratio = pairedRatio([2, null, 6, 8, 5], [1, 2, null, 4, Number.NaN]);
    expect(ratio).toMatchObject({ median: 2, rounds: 2 });
    expect(pairedRatio([null], [1])).toBeNull();
  });

  it('returns an interval that holds the median, and of the inverse ratio the inverse', () => {
    fc.assert(
      fc.property(rates, (values) => {
        const others = values.map((_, index) => 2 ** (index % 3));
        const ratio = pairedRatio(values, others)!;
        const inverse = pairedRatio(others, values)!;
        expect(ratio.low).toBeLessThanOrEqual(ratio.median);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.median);
        expect(inverse.median * ratio.median).toBeCloseTo(1, 9);
        expect(inverse.low * ratio.high).toBeCloseTo(1, 9);
        expect(inverse.high * ratio.low).toBeCloseTo(1, 9);
      }),
    );
  });

  it('returns a wider interval for ratios that drift than for the same ones in another order', () => {
    const ones = new Array<number>(12).fill(1);
    const mixed = [1.05, 1.12, 1.01, 1.09, 1.03, 1.11, 1.02, 1.1, 1.06, 1.08, 1.04, 1.07];
    const drifting = [...mixed].sort();
    expect(pairedRatio(drifting, ones)!.low).toBeLessThan(pairedRatio(mixed, ones)!.low);
    expect(pairedRatio(drifting, ones)!.high).toBeGreaterThan(pairedRatio(mixed, ones)!.high);
  });

  it('has a single round for its interval if there is but one, which says so', () => {
    expect(pairedRatio([3], [2])).toEqual({ median: 1.5, low: 1.5, high: 1.5, rounds: 1, significant: false });
  });
});

describe('a significant ratio', () => {
  it('is rare between two cells that are the same', () => {
    const next = random(5);
    const trials = 1000;
    let alarms = 0;
    for (let trial = 0; trial < trials; trial++) {
      const draw = () => Array.from({ length: 12 }, () => Math.exp(0.2 * normal(next)));
      if (pairedRatio(draw(), draw())!.significant) alarms++;
    }
    expect(alarms / trials).toBeLessThan(0.06);
  });
});
