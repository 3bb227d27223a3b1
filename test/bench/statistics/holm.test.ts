import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holm } from '../../../lib/bench/statistics/holm.js';

/** By the definition, one hypothesis after the other. */
function naive(chances: readonly number[]): number[] {
  const rank = (at: number) =>
    chances.filter((chance, other) => chance < chances[at]! || (chance === chances[at]! && other < at)).length;
  return chances.map((_, at) => {
    const upTo = [...chances.keys()].filter((other) => rank(other) <= rank(at));
    return Math.max(...upTo.map((other) => Math.min(1, (chances.length - rank(other)) * chances[other]!)));
  });
}

describe("Holm's correction", () => {
  it('returns the published corrections of published chances', () => {
    // Four chances worked out step by step in the encyclopedia's article on the Holm-Bonferroni method, and the values
    // that p.adjust of R prints for them and for those of its own example in the manual's style: (1:5) / 100.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    const corrected = holm([0.01, 0.02, 0.03, 0.04, 0.05]);
    for (const [at, value] of [0.05, 0.08, 0.09, 0.09, 0.09].entries()) expect(corrected[at]).toBeCloseTo(value, 12);
  });

  it('is that of the definition, keeps the order, and never makes a chance smaller', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(chances, (given) => {
        const corrected = holm(given);
        expect(corrected).toEqual(naive(given));
        for (const [at, chance] of given.entries()) expect(corrected[at]).toBeGreaterThanOrEqual(chance);
      }),
    );
  });
});
