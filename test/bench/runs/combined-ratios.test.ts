import { describe, expect, it } from '@jest/globals';
import { combineRatios } from '../../../lib/bench/runs/combined-ratios.js';
import { scriptedRun } from '../fixtures/runs.js';

const run = (ratio: number, pulses?: readonly (readonly number[])[]) =>
  scriptedRun({
    cells: { a: [3 * ratio, 5 * ratio, 7 * ratio], b: [3, 5, 7] },
    ...(pulses === undefined ? {} : { pulses }),
  });

describe('a ratio of several runs', () => {
  it('is the median of their ratios, not the ratio of their medians', () => {
    const runs = [
      scriptedRun({ cells: { a: [10], b: [10] } }),
      scriptedRun({ cells: { a: [100], b: [50] } }),
      scriptedRun({ cells: { a: [9], b: [3] } }),
    ];
    expect(combineRatios(runs, [])).toEqual([
      { id: 'a:b', scenario: 'scripted', of: 'a', to: 'b', median: 2, low: 1, high: 3, rounds: 3, significant: false },
    ]);
  });

  it('may be significant with six runs, and not with five', () => {
    const runs = [1.5, 1.6, 1.7, 1.8, 1.5, 1.6].map((ratio) => run(ratio));
    expect(combineRatios(runs, [])[0]).toMatchObject({ rounds: 6, significant: true });
    expect(combineRatios(runs.slice(1), [])[0]).toMatchObject({ rounds: 5, significant: false });
  });

  it('leaves out the runs that lack it', () => {
    const runs = [run(2), scriptedRun({ cells: { a: [5] } }), run(4)];
    expect(combineRatios(runs, [])[0]).toMatchObject({ median: Math.sqrt(8), rounds: 2 });
  });

  it('is given at full speed by the rounds of each run that were', () => {
    const slow = [[1], [2], [2]];
    const mixed = scriptedRun({ cells: { a: [8, 5, 7], b: [2, 5, 7] }, pulses: slow });
    const [ratio] = combineRatios([mixed, run(2, [[1], [1], [1]]), run(9, [[3], [3], [3]])], [1]);
    expect(ratio).toMatchObject({
      median: 2,
      rounds: 3,
      atFullSpeed: { median: Math.sqrt(8), low: 2, high: 4, rounds: 2 },
    });
    expect(combineRatios([run(2, [[2], [2], [2]])], [1])[0]!.atFullSpeed).toBeNull();
  });
});
