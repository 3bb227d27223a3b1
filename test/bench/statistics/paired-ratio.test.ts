import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bootstrapMedian, expandedTail, pairedRatio } from '../../../lib/bench/statistics/paired-ratio.js';
import { type Random, random } from '../../../lib/random.js';

const rates = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

/** Standard normal, by Box and Muller. */
const normal = (next: Random) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

describe('pairedRatio', () => {
  it('cancels load that affects both cells of a round', () => {
    const weather = [1, 5, 0.2, 3, 9, 0.5, 2, 7];
    const ratio = pairedRatio(
      weather.map((value) => 2 * value),
      weather,
      1,
    );
    expect(ratio).toEqual({ median: 2, low: 2, high: 2, rounds: 8, significant: true });
  });

  it('calls no effect below 3 % significant, however narrow its interval', () => {
    const ones = new Array<number>(20).fill(1);
    expect(
      pairedRatio(
        ones.map(() => 1.029),
        ones,
        1,
      )!.significant,
    ).toBe(false);
    expect(
      pairedRatio(
        ones.map(() => 1.031),
        ones,
        1,
      )!.significant,
    ).toBe(true);
    expect(
      pairedRatio(
        ones,
        ones.map(() => 1.031),
        1,
      )!.significant,
    ).toBe(true);
    expect(pairedRatio(ones, ones, 1)!.significant).toBe(false);
  });

  it('calls no effect significant if the interval holds 1, or with fewer than six rounds', () => {
    expect(pairedRatio([2, 0.5, 2, 0.5, 2, 0.5, 2, 2], new Array(8).fill(1), 1)!.significant).toBe(false);
    expect(pairedRatio([2, 2, 2, 2, 2], [1, 1, 1, 1, 1], 1)).toMatchObject({ significant: false, rounds: 5 });
  });

  it('pairs samples by round, and leaves out rounds with one sample or with a zero', () => {
    expect(pairedRatio([2, 4, 9], [1, 2], 1)!.rounds).toBe(2);
    expect(pairedRatio([2, 0, 4], [1, 1, 0], 1)!.rounds).toBe(1);
    expect(pairedRatio([0], [1], 1)).toBeNull();
    expect(pairedRatio([], [], 1)).toBeNull();
  });

  it('returns an interval that holds the median, and the same one for the same seed', () => {
    fc.assert(
      fc.property(rates, fc.nat(), (values, seed) => {
        const ratio = pairedRatio(
          values,
          values.map((_, index) => 1 + (index % 3)),
          seed,
        )!;
        expect(ratio.low).toBeLessThanOrEqual(ratio.median);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.median);
        expect(
          pairedRatio(
            values,
            values.map((_, index) => 1 + (index % 3)),
            seed,
          ),
        ).toEqual(ratio);
      }),
      { numRuns: 50 },
    );
  });
});

describe('expandedTail', () => {
  it('is less than 2.5 % for few values, and close to it for many', () => {
    const tails = [6, 10, 30, 1000].map(expandedTail);
    expect(tails).toEqual([...tails].sort((a, b) => a - b));
    expect(tails[0]).toBeLessThan(0.005);
    expect(tails[3]).toBeCloseTo(0.025, 3);
  });
});

describe('bootstrapMedian', () => {
  it.each([6, 10, 20])('covers the true median in about 95 %% of runs with %i rounds', (rounds) => {
    const next = random(rounds);
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = bootstrapMedian(
        Array.from({ length: rounds }, () => Math.exp(0.1 * normal(next))),
        next,
      );
      if (low <= 1 && 1 <= high) covered++;
    }
    // Three standard errors of 400 trials are 3 %; the plain percentile interval (92 %) would fail here.
    expect(covered / trials).toBeGreaterThan(0.93);
    expect(covered / trials).toBeLessThan(0.995);
  });
});

describe('a significant ratio', () => {
  it('is rare between two cells that are the same', () => {
    const next = random(5);
    const trials = 300;
    let alarms = 0;
    for (let trial = 0; trial < trials; trial++) {
      const draw = () => Array.from({ length: 12 }, () => Math.exp(0.2 * normal(next)));
      if (pairedRatio(draw(), draw(), trial)!.significant) alarms++;
    }
    expect(alarms / trials).toBeLessThan(0.08);
  });
});
