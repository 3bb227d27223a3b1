/** Simulated groups: how often a run is named where none lies outside, and where one does. */
import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../lib/bench/compare/run-facts.js';
import { scoresOf } from '../../../lib/bench/fleet/deviations.js';
import { LEAST_RUNS, largestScores, leastStep, outside } from '../../../lib/bench/fleet/outliers.js';
import { type Random, random } from '../../../lib/random.js';
import { rowOf } from '../compare/fixtures/simulated-runs.js';

const normal = (next: Random) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
/** Student's distribution with five degrees of freedom. */
function student(next: Random): number {
  let sum = 0;
  for (let at = 0; at < 5; at++) sum += normal(next) ** 2;
  return normal(next) / Math.sqrt(sum / 5);
}
const NOISES = { lognormal: normal, t5: student } as const;

const ROWS: readonly Row[] = Array.from({ length: 24 }, (_, at) => ({
  ...rowOf({ id: `tx/design-${Math.floor(at / 6)}/senders=${at % 6}` }),
  higherIsBetter: true,
}));

interface Simulated {
  readonly runs: number;
  readonly noise: keyof typeof NOISES;
  /** Share of a run's variation that all its numbers have in common, as a standard deviation. */
  readonly common?: number;
  readonly slower?: number;
}

/** Rates that vary by 4 %; those of run 3 are lower by a factor. */
function columns({ runs, noise, common = 0, slower = 1 }: Simulated, seed: number): Float64Array[] {
  const next = random(seed);
  const own = Math.sqrt(1 - common ** 2);
  const shared = Array.from({ length: runs }, () => NOISES[noise](next));
  return ROWS.map(() =>
    Float64Array.from({ length: runs }, (_, run) => {
      const rate = Math.exp(0.04 * (common * shared[run]! + own * NOISES[noise](next)));
      return run === 3 ? rate / slower : rate;
    }),
  );
}

const named = (simulated: Simulated, seed: number) =>
  outside(largestScores(scoresOf(ROWS, columns(simulated, seed)), simulated.runs));

function shareNaming(simulated: Simulated, trials: number, isCounted: (runs: number[]) => boolean): number {
  let counted = 0;
  for (let trial = 0; trial < trials; trial++) if (isCounted(named(simulated, 100 + trial))) counted++;
  return counted / trials;
}

describe('runs that lie outside', () => {
  it('are not those that vary in some numbers, where nearly as many others are the same in all runs', () => {
    const constant = ROWS.slice(0, 18).map((row, at) => ({
      ...row,
      kind: 'cost' as const,
      id: `${row.id}/constant=${at}`,
    }));
    let named = 0;
    for (let trial = 0; trial < 20; trial++) {
      const varying = columns({ runs: 20, noise: 'lognormal', common: 0.5 }, 500 + trial);
      const all = [...varying, ...constant.map(() => new Float64Array(20).fill(1.5))];
      if (outside(largestScores(scoresOf([...ROWS, ...constant], all), 20)).length > 0) named++;
    }
    expect(named).toBeLessThan(4);
  });

  it.each([
    { noise: 'lognormal', runs: 8, trials: 80 },
    { noise: 'lognormal', runs: 60, trials: 30 },
    { noise: 'lognormal', runs: 1000, trials: 3 },
    { noise: 't5', runs: 8, trials: 80 },
    { noise: 't5', runs: 60, trials: 30 },
    { noise: 't5', runs: 1000, trials: 3 },
    { noise: 't5', runs: 60, common: 0.7, trials: 30 },
  ] as const)('are named in few groups without one: $noise, $runs runs, common $common', ({ trials, ...simulated }) => {
    // Twice the standard deviation of a share of 5 % is allowed for chance, and one group of three.
    const most = Math.max(1 / trials, 0.05 + 2 * Math.sqrt((0.05 * 0.95) / trials));
    expect(shareNaming(simulated, trials, (runs) => runs.length > 0)).toBeLessThanOrEqual(most);
  });

  it.each([
    { noise: 'lognormal', runs: 8, found: 0.9 },
    { noise: 'lognormal', runs: 60, found: 0.9 },
    { noise: 't5', runs: 20, found: 0.5 },
  ] as const)('are those that are 20 % slower in all numbers: $noise, $runs runs', ({ found, ...simulated }) => {
    const isFound = (runs: number[]) => runs.includes(3);
    expect(shareNaming({ ...simulated, slower: 1.25 }, 20, isFound)).toBeGreaterThanOrEqual(found);
  });

  it('are named the farthest first, several of them even where they are alike', () => {
    const scores = Float64Array.of(2, 2.5, 1.8, 40, 2.2, 41, 2.9, 3, 2.1, 2.6, 2.4, 39);
    expect(outside(scores)).toEqual([5, 3, 11]);
  });

  it('are none in groups of few runs, and at most a quarter of a group', () => {
    expect(outside(Float64Array.of(1, 1, 1, 1, 1, 1, 90))).toEqual([]);
    expect(outside(Float64Array.of(1, 1, 1, 1, 1, 90, 90, 90))).toEqual([]);
    expect(outside(Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 90, 90, 90))).toEqual([]);
    expect(LEAST_RUNS).toBe(8);
  });

  it('have to stand off by less, the more of them there are', () => {
    const steps = [1, 2, 3, 10].map(leastStep);
    expect(steps).toEqual(steps.toSorted((a, b) => b - a));
    expect(steps[0]).toBeCloseTo(2.72, 1);
  });

  it('have a score that does not count what is missing', () => {
    const deviations = Float64Array.of(Number.NaN, -7, 2);
    expect([...largestScores([{ key: 0, deviations }], 3)]).toEqual([0, 7, 2]);
  });
});

describe('the least score of a run that lies outside', () => {
  const scores = (largest: number) => Float64Array.of(0.1, 0.1, largest, 0.1, 0.1, 0.1, 0.1, 0.1);

  it('is a step above what runs have that do not, however alike those are', () => {
    const least = 1.7 * leastStep(1);
    expect(outside(scores(0.99 * least))).toEqual([]);
    expect(outside(scores(1.01 * least))).toEqual([2]);
  });
});
