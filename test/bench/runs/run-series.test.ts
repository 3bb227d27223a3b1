import { describe, expect, it } from '@jest/globals';
import { RunSeries, seedOfRun } from '../../../lib/bench/runs/run-series.js';
import { scriptedRun } from '../fixtures/runs.js';

const settings = { seed: 3, count: 4, budgetMs: 50_000 };
const RUN = scriptedRun({ cells: { a: [1] } });

describe('a series of runs', () => {
  it('has a seed for each run, which the number of runs does not change', () => {
    const seeds = Array.from({ length: 100 }, (_, run) => seedOfRun(3, run));
    expect(new Set(seeds).size).toBe(100);
    for (const seed of seeds) expect(seed >>> 0).toBe(seed);
    expect(seedOfRun(4, 0)).not.toBe(seedOfRun(3, 0));
  });

  it('expects the runs to come to take their budget, and later as long as those before', () => {
    const series = new RunSeries(settings, () => 0);
    expect(series.leftMs(1000)).toBe(151_000);
    series.add(RUN);
    expect(series.leftMs(1000)).toBe(21_000);
    series.add({ ...RUN, seconds: 30 });
    expect(series.leftMs(500)).toBe(20_500);
    series.add(RUN);
    expect(series.leftMs(500)).toBe(500);
    expect(series.leftMs(null)).toBeNull();
  });

  it('does not know its time before the first run if rounds are fixed', () => {
    const series = new RunSeries({ ...settings, budgetMs: null }, () => 0);
    expect(series.leftMs(1000)).toBeNull();
    series.add(RUN);
    expect(series.leftMs(1000)).toBe(21_000);
  });

  it('makes the document of the runs that it has', () => {
    const series = new RunSeries(settings, () => 12_500);
    series.add(RUN);
    series.add(RUN);
    expect(series.document({ complete: false, interrupted: true })).toMatchObject({
      sampledBy: 'run',
      settings: { seed: 3, runs: 4 },
      seconds: 12.5,
      complete: false,
      interrupted: true,
      runs: [RUN, RUN],
    });
  });
});
