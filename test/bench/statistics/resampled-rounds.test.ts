import { describe, expect, it } from '@jest/globals';
import {
  expandedTail,
  intervalOf,
  resampledRounds,
  studentQuantile,
} from '../../../lib/bench/statistics/resampled-rounds.js';

describe('resampledRounds', () => {
  it('draws all sizes of a round together', () => {
    const rounds = Array.from({ length: 9 }, (_, round) => round);
    const { middle, others } = resampledRounds([rounds, rounds.map((round) => 100 + round)], 3)!;
    expect(middle).toEqual([4, 104]);
    for (const [first, second] of others) expect(second! - first!).toBe(100);
    expect(new Set(others.map(([first]) => first)).size).toBeGreaterThan(3);
  });

  it('returns the single rounds when there are few, of which an interval leaves out none', () => {
    expect(
      resampledRounds(
        [
          [1, 2, 3, 9],
          [4, 5, 6],
        ],
        3,
      ),
    ).toEqual({
      middle: [2, 5],
      others: [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      tail: 0,
      rounds: 3,
    });
  });

  it('returns the same curves for the same seed, and none without a round of all sizes', () => {
    const samples = [[5, 1, 4, 2, 3, 6, 7, 8]];
    expect(resampledRounds(samples, 3)).toEqual(resampledRounds(samples, 3));
    expect(resampledRounds(samples, 4)).not.toEqual(resampledRounds(samples, 3));
    expect(resampledRounds([[1], []], 3)).toBeNull();
    expect(resampledRounds([], 3)).toBeNull();
  });
});

describe('expandedTail', () => {
  it.each([
    [5, 2.571],
    [9, 2.262],
    [10, 2.228],
    [20, 2.086],
    [30, 2.042],
  ])("uses Student's t, whose quantile for 0.975 and %i degrees of freedom is %d in tables", (freedom, quantile) => {
    expect(Math.abs(studentQuantile(freedom) / quantile - 1)).toBeLessThan(0.01);
  });

  it('is less than 2.5 % for few values, and close to it for many', () => {
    const tails = [6, 10, 30, 1000].map(expandedTail);
    expect(tails).toEqual([...tails].sort((a, b) => a - b));
    expect(tails[0]).toBeLessThan(0.005);
    expect(tails[3]).toBeCloseTo(0.025, 3);
  });
});

describe('an interval of resampled rounds', () => {
  it('leaves out the tail at both ends, and holds the middle', () => {
    const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect(intervalOf(5, values, 0)).toEqual({ low: 1, high: 10 });
    expect(intervalOf(5, values, 0.2)).toEqual({ low: 3, high: 8 });
    expect(intervalOf(9, values, 0.2)).toEqual({ low: 3, high: 9 });
    expect(intervalOf(Infinity, [1, Infinity], 0)).toEqual({ low: 1, high: Infinity });
  });
});
