import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalTail } from '../../../lib/bench/statistics/normal-tail.js';
import { rankTest, smallestChance } from '../../../lib/bench/statistics/rank-test.js';
import { random } from '../../../lib/random.js';

/** By trying every division of the values into two groups of these sizes. */
function naive(one: readonly number[], other: readonly number[]): number {
  const all = [...one, ...other];
  const rankSum = (members: readonly number[]) =>
    members.reduce((sum, at) => {
      const below = all.filter((value) => value < all[at]!).length;
      const equal = all.filter((value) => value === all[at]!).length;
      return sum + 2 * below + equal + 1;
    }, 0);
  const divisions = (from: number, size: number): number[][] =>
    size === 0
      ? [[]]
      : Array.from({ length: Math.max(0, all.length - from) }, (_, step) => from + step).flatMap((first) =>
          divisions(first + 1, size - 1).map((rest) => [first, ...rest]),
        );
  const seen = rankSum([...one.keys()]);
  const sums = divisions(0, one.length).map(rankSum);
  const share = (isOutside: (sum: number) => boolean) => sums.filter(isOutside).length / sums.length;
  return Math.min(
    1,
    2 *
      Math.min(
        share((sum) => sum <= seen),
        share((sum) => sum >= seen),
      ),
  );
}

const small = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 5 });

describe('the rank test', () => {
  it('returns the chances that R prints for the example of its manual and for others', () => {
    // wilcox.test(x, y) of the example "Hollander & Wolfe (1973), 69f.", two-sided.
    const early = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    expect(rankTest(early, [1.15, 0.88, 0.9, 0.74, 1.21])).toBeCloseTo(0.2544, 4);
    expect(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 12);
    expect(rankTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 12);
  });

  it('is that of all divisions, with ties and without', () => {
    for (const max of [4, 1_000_000]) {
      fc.assert(
        fc.property(small(max), small(max), (one, other) => {
          expect(rankTest(one, other)).toBeCloseTo(naive(one, other), 10);
          expect(rankTest(other, one)).toBeCloseTo(rankTest(one, other), 10);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('goes over to the normal distribution without a step', () => {
    const next = random(7);
    const values = Array.from({ length: 61 }, () => next());
    const [one, other] = [values.slice(0, 30), values.slice(30).map((value) => value + 0.2)];
    const counted = rankTest(one.slice(0, 29), other);
    const approximate = rankTest(one, other);
    expect(approximate).toBeGreaterThan(0.2 * counted);
    expect(approximate).toBeLessThan(5 * counted);
    expect(rankTest(Array(40).fill(1), Array(40).fill(1))).toBe(1);
  });

  it('counts ties among many values, of which ranks vary less', () => {
    // Of two values, ranks say by how much the number of the larger ones is above the one to expect.
    const [size, larger, seen] = [40, 50, 30];
    const valuesWith = (count: number) => Array.from({ length: size }, (_, at) => (at < count ? 2 : 1));
    const total = 2 * size;
    const variance = (size * size * larger * (total - larger)) / (total ** 2 * (total - 1));
    const above = seen - (size * larger) / total - 1 / total;
    const chance = 2 * normalTail(above / Math.sqrt(variance));
    expect(rankTest(valuesWith(seen), valuesWith(larger - seen))).toBeCloseTo(chance, 12);
  });

  it('has no opinion of an empty group', () => {
    expect(rankTest([], [1, 2])).toBe(1);
    expect(rankTest([1, 2], [])).toBe(1);
  });

  it.each([5, 20, 45])('calls %d runs a side of one distribution different in at most 5 %% of cases', (count) => {
    const next = random(count);
    const draw = () => Array.from({ length: count }, () => next() ** 4);
    let alarms = 0;
    for (let trial = 0; trial < 2000; trial++) if (rankTest(draw(), draw()) < 0.05) alarms++;
    expect(alarms / 2000).toBeLessThan(0.062); // three standard errors above 5 %
    expect(alarms / 2000).toBeGreaterThan(0.02);
  });
});

describe('the smallest chance', () => {
  it('is that of groups without an overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (size, other) => {
        const low = Array.from({ length: size }, (_, at) => at);
        const high = Array.from({ length: other }, (_, at) => 100 + at);
        expect(smallestChance(size, other)).toBeCloseTo(rankTest(low, high), 10);
      }),
    );
  });
});
