import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rankTest } from '../../../lib/bench/statistics/rank-test.js';
import { ratioOfGroups } from '../../../lib/bench/statistics/ratio-of-groups.js';
import { random } from '../../../lib/random.js';

const positive = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('the ratio of two groups', () => {
  it('is the factor if one group is the other times a factor', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, factor) => {
        const { ratio, low, high } = ratioOfGroups(
          values.map((value) => value * factor),
          values,
        );
        expect(ratio / factor).toBeCloseTo(1, 9);
        expect(low).toBeLessThanOrEqual(ratio);
        expect(high).toBeGreaterThanOrEqual(ratio);
      }),
    );
  });

  it('turns around with its sides', () => {
    fc.assert(
      fc.property(positive, positive, (one, other) => {
        const [there, back] = [ratioOfGroups(one, other), ratioOfGroups(other, one)];
        expect(there.ratio * back.ratio).toBeCloseTo(1, 9);
        expect(there.low * back.high).toBeCloseTo(1, 9);
      }),
    );
  });

  it('has 1 in its interval where the rank test sees no difference, and only there', () => {
    const next = random(11);
    for (let trial = 0; trial < 300; trial++) {
      const draw = (shift: number) => Array.from({ length: 5 }, () => Math.exp(next() + shift));
      const [one, other] = [draw(0), draw(0.7)];
      const { low, high } = ratioOfGroups(one, other);
      expect({ trial, holdsOne: low <= 1 && 1 <= high }).toEqual({ trial, holdsOne: rankTest(one, other) > 0.05 });
    }
  });

  it('has all pairs in its interval where the rank test can refuse no factor', () => {
    for (const [size, other] of [
      [1, 40],
      [2, 7],
      [3, 3],
    ] as const) {
      const [of, to] = [size, other].map((count) => Array.from({ length: count }, (_, at) => 2 ** at));
      const { low, high } = ratioOfGroups(of!, to!);
      expect(low).toBeCloseTo(2 ** (1 - other), 12);
      expect(high).toBeCloseTo(2 ** (size - 1), 9);
    }
  });

  it.each([
    [5, 5],
    [8, 12],
    [150, 200],
  ])('holds the true factor of %d and %d values in about 95 %% of cases', (size, other) => {
    const next = random(size);
    const draw = (count: number) => Array.from({ length: count }, () => Math.exp(0.1 * (next() + next() + next())));
    const trials = size > 100 ? 200 : 1000;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = ratioOfGroups(
        draw(size).map((value) => 1.2 * value),
        draw(other),
      );
      if (low <= 1.2 && 1.2 <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.92);
  });
});
