import { describe, expect, it } from '@jest/globals';
import { compareFewRuns, deviationsOf, RUN_FLOOR } from '../../../lib/bench/compare/run-to-run.js';
import { rowOf, simulatedRuns } from './fixtures/simulated-runs.js';

const number = (median: number, spread: number | null) => ({ row: rowOf({ id: 'a' }), median, spread, rounds: null });
const UNKNOWN = [undefined, undefined] as const;

describe('a comparison of few runs', () => {
  it('adds to the intervals of runs what intervals do not hold', () => {
    const sure = compareFewRuns([number(110, 0)], [number(100, 0)], UNKNOWN)!;
    expect(Math.log(sure.high / sure.ratio)).toBeCloseTo(1.96 * Math.SQRT2 * RUN_FLOOR, 5);
    const unsure = compareFewRuns([number(110, 0.1)], [number(100, 0)], UNKNOWN)!;
    expect(unsure.chance).toBeGreaterThan(sure.chance);
    const width = 1.96 * Math.hypot(0.1, RUN_FLOOR, RUN_FLOOR);
    expect(Math.log(unsure.high / unsure.ratio)).toBeCloseTo(width, 5);
    expect(sure.ratio).toBeCloseTo(1.1, 12);
  });

  it('compares the run in the middle, so that one that is far out does not move the ratio', () => {
    const runs = [number(160, 0.01), number(100, 0.01), number(101, 0.01)];
    expect(compareFewRuns(runs, [number(100, 0.01)], UNKNOWN)!.ratio).toBeCloseTo(1.01, 9);
  });

  it('takes the deviation of the host instead, where it is known', () => {
    const { low, high } = compareFewRuns([number(1, 0.5)], [number(1, 0.5)], [0.01, 0.01])!;
    expect(Math.log(high / low)).toBeCloseTo(2 * 1.96 * Math.SQRT2 * 0.01, 5);
  });

  it('is surer with more runs, and tells the chance of a difference to either side', () => {
    const runs = (count: number, median: number) => Array.from({ length: count }, () => number(median, 0.1));
    const widthOf = (count: number) => {
      const { low, high } = compareFewRuns(runs(count, 1), runs(count, 1), [0.1, 0.1])!;
      return Math.log(high / low);
    };
    expect(widthOf(1) / widthOf(4)).toBeCloseTo(2, 9);
    const twoDeviations = Math.exp(1.959964 * Math.SQRT2 * 0.1);
    for (const median of [twoDeviations, 1 / twoDeviations]) {
      expect(compareFewRuns(runs(1, median), runs(1, 1), [0.1, 0.1])!.chance).toBeCloseTo(0.05, 6);
    }
  });

  it('takes what it sees between its own runs, if that is more', () => {
    const wide = [number(80, 0.01), number(100, 0.01), number(125, 0.01)];
    const narrow = [number(99, 0.01), number(100, 0.01), number(101, 0.01)];
    const chanceOf = (runs: typeof wide) => compareFewRuns(runs, [number(150, 0.01)], UNKNOWN)!.chance;
    expect(chanceOf(wide)).toBeGreaterThan(chanceOf(narrow));
  });

  it('has no verdict on runs without intervals, and no doubt that equal runs are equal', () => {
    expect(compareFewRuns([number(1, null)], [number(1, 0.1)], UNKNOWN)).toBeNull();
    expect(compareFewRuns([number(1, null), number(1, 0.1)], [number(1, 0.1)], UNKNOWN)).not.toBeNull();
    expect(compareFewRuns([number(1, 0)], [number(1, 0)], [0, 0])).toEqual({ ratio: 1, low: 1, high: 1, chance: 1 });
  });
});

describe('the deviations of a host', () => {
  it('are those of its runs, if five of them have the number', () => {
    const rows = [{ id: 'a', median: 10 }];
    const many = simulatedRuns(400, { rows, deviation: 0.1 }, 1);
    expect(deviationsOf([many]).get('value a')).toBeCloseTo(0.1, 1);
    expect(deviationsOf([many.slice(0, 4)]).size).toBe(0);
    const medians = [-2, -1, 0, 1, 2].map((at) => Math.exp(0.1 * at));
    const five = many.slice(0, 5).map((run, at) => ({ ...run, numbers: new Map([['b', number(medians[at]!, 0)]]) }));
    expect(deviationsOf([five]).get('b')).toBeCloseTo(0.1 * Math.sqrt(10 / 4), 12);
    expect(deviationsOf(five.map((run) => [run])).get('b')).toBeCloseTo(0.1 * Math.sqrt(10 / 4), 12);
  });

  it('are those within groups, which may differ in what is compared', () => {
    const runsAt = (median: number, count: number) =>
      simulatedRuns(count, { rows: [{ id: 'a', median }], deviation: 0.05 }, median);
    expect(deviationsOf([runsAt(10, 200), runsAt(20, 200)]).get('value a')).toBeCloseTo(0.05, 1);
    expect(deviationsOf([runsAt(10, 3), runsAt(20, 3)]).get('value a')).toBeLessThan(0.2);
    expect(deviationsOf([runsAt(10, 2), runsAt(20, 2)]).size).toBe(0);
    // Five groups of one run each have nothing but what they differ in.
    expect(deviationsOf([10, 20, 10, 20, 10].map((median) => runsAt(median, 1))).get('value a')).toBeGreaterThan(0.3);
  });
});
