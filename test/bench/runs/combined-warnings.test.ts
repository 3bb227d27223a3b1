import { describe, expect, it } from '@jest/globals';
import { combineWarnings, mergeWarnings } from '../../../lib/bench/runs/combined-warnings.js';
import { scriptedRun } from '../fixtures/runs.js';

const warning = (code: string, seen: string) => ({ code, seen, why: 'w', remedy: 'r' });

describe('the warnings of several runs', () => {
  it('stand once for each code, with the number of runs that had it and the first of them', () => {
    const merged = mergeWarnings([
      [warning('STEAL', '2 %')],
      [warning('STEAL', '3 %'), warning('DRIFT', 'up')],
      [warning('STEAL', '4 %')],
    ]);
    expect(merged).toEqual([
      warning('STEAL', 'in all 3 runs; in run 1: 2 %'),
      warning('DRIFT', 'in 1 of 3 runs; in run 2: up'),
    ]);
  });

  it('are those of the run if there is one', () => {
    expect(mergeWarnings([[warning('STEAL', '2 %')]])).toEqual([warning('STEAL', '2 %')]);
  });

  it('say that there are few runs, and no more that there are few rounds', () => {
    const runs = (count: number) =>
      new Array(count).fill({ ...scriptedRun({ cells: { a: [1] } }), warnings: [warning('FEW_SAMPLES', 'few')] });
    expect(combineWarnings(runs(5))).toMatchObject([
      { code: 'FEW_SAMPLES', seen: 'each sample is a run, and there are 5 runs' },
    ]);
    expect(combineWarnings(runs(1))).toMatchObject([{ seen: 'each sample is a run, and there is 1 run' }]);
    expect(combineWarnings(runs(6))).toEqual([warning('FEW_SAMPLES', 'in all 6 runs; in run 1: few')]);
  });
});
