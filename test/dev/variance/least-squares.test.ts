import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nonNegativeLeastSquares } from '../../../dev/variance/least-squares.js';
import { random } from '../../../lib/random.js';

describe('nonNegativeLeastSquares', () => {
  it('returns the coefficients of values that follow from them exactly', () => {
    const rows = [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ];
    const [a, b, c] = nonNegativeLeastSquares(rows, [2, 2, 5], [1, 3, 0.5]);
    expect([a, b, c].map((value) => Number(value!.toFixed(6)))).toEqual([2, 0, 3]);
  });

  it('returns 0 where the best coefficient would be negative, and lets the others make up for it', () => {
    // Without the bound: 3 and -2. With it, the mean.
    const [a, b] = nonNegativeLeastSquares(
      [
        [1, 0],
        [1, 1],
      ],
      [3, 1],
      [1, 1],
    );
    expect([a, b]).toEqual([2, 0]);
  });

  it('gives rows their weights, and a column of zeros nothing', () => {
    expect(
      nonNegativeLeastSquares(
        [
          [1, 0],
          [1, 0],
        ],
        [1, 4],
        [2, 1],
      ),
    ).toEqual([2, 0]);
    expect(nonNegativeLeastSquares([], [], [])).toEqual([]);
  });

  it('finds a minimum: no step in any direction that the bound allows is better', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 4 }), (seed, width) => {
        const next = random(seed);
        const rows = Array.from({ length: 9 }, () => Array.from({ length: width }, () => next()));
        const values = rows.map(() => 2 * next() - 0.5);
        const weights = rows.map(() => 0.1 + next());
        const loss = (at: readonly number[]) =>
          rows.reduce((sum, row, i) => {
            const miss = row.reduce((total, part, j) => total + part * at[j]!, 0) - values[i]!;
            return sum + weights[i]! * miss * miss;
          }, 0);
        const best = nonNegativeLeastSquares(rows, values, weights);
        const atBest = loss(best);
        for (const column of best.keys()) {
          for (const step of [-1e-3, 1e-3]) {
            const moved = best.map((value, j) => (j === column ? Math.max(0, value + step) : value));
            expect(loss(moved)).toBeGreaterThanOrEqual(atBest - 1e-9);
          }
        }
      }),
    );
  });
});
