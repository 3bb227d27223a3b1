import { describe, expect, it } from '@jest/globals';
import { agreements, headlineOver, inOnePlace } from '../../../dev/repeatability/agreement.js';
import type { Row, RunSummary } from '../../../dev/repeatability/run-summary.js';
import { summarize } from '../../../lib/bench/statistics/statistics.js';
import { random } from '../../../lib/random.js';

const run = (...rows: Row[]): RunSummary => ({
  created: '2026-01-01T00:00:00.000Z',
  seed: 1,
  seconds: 50,
  pulses: 0,
  atFullSpeed: 0,
  warnings: [],
  rows,
});

const median = (id: string, middle: number, low: number, high: number): Row => ['median', 's', id, middle, low, high];

/** About normal, with the standard deviation 1. */
const noise = (next: () => number) => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6);

/** Runs of 15 rounds whose true median is off by `process` standard deviations of a round, another in each run. */
function simulated(count: number, process: number): RunSummary[] {
  const next = random(5);
  return Array.from({ length: count }, () => {
    const rows = Array.from({ length: 20 }, (_, id): Row => {
      const offset = 100 + process * noise(next);
      const { median: middle, low, high } = summarize(Array.from({ length: 15 }, () => offset + noise(next)));
      return ['median', 's', String(id), middle, low, high];
    });
    return run(...rows);
  });
}

describe('the agreement of runs', () => {
  it('counts the pairs of runs whose intervals overlap, ends included', () => {
    const runs = [run(median('a', 1, 0, 2)), run(median('a', 3, 2, 4)), run(median('a', 6, 5, 7))];
    expect(agreements({ runs })[0]).toMatchObject({
      kind: 'median',
      scenario: null,
      numbers: 1,
      pairs: 3,
      overlapping: 1,
    });
  });

  it('counts the intervals that hold the median of all runs', () => {
    const runs = [run(median('a', 1, 0, 2)), run(median('a', 3, 2, 4)), run(median('a', 6, 3, 7))];
    expect(agreements({ runs })[0]).toMatchObject({ intervals: 3, holding: 2 });
  });

  it('tells how wide intervals are, and how far runs differ', () => {
    const runs = [run(median('a', 10, 9, 11)), run(median('a', 12, 9, 15)), run(median('a', 14, 7, 21))];
    const [all] = agreements({ runs });
    expect(all!.halfWidth).toBeCloseTo(0.25, 12);
    expect(all!.deviation).toBeCloseTo(2 / 12, 12);
  });

  it('tells each kind over all scenarios, and then in each', () => {
    const rows: Row[] = [
      ['median', 's', 'a', 1, 1, 1],
      ['median', 't', 'b', 1, 1, 1],
      ['difference', 't', 'a:b', 0, -1, 1],
    ];
    const found = agreements({ runs: [run(...rows), run(...rows)] });
    expect(found.map(({ kind, scenario, numbers }) => [kind, scenario, numbers])).toEqual([
      ['median', null, 2],
      ['median', 's', 1],
      ['median', 't', 1],
      ['difference', null, 1],
      ['difference', 't', 1],
    ]);
    expect(found[3]).toMatchObject({ halfWidth: null, deviation: null, pairs: 1, overlapping: 1 });
  });

  it('leaves out what only one run has', () => {
    const runs = [run(median('a', 1, 0, 2)), run(median('b', 1, 0, 2)), run(median('b', 1, 0, 2))];
    expect(agreements({ runs })).toMatchObject([{ numbers: 1, pairs: 1 }, { scenario: 's' }]);
    expect(agreements({ runs: runs.slice(0, 2) })).toEqual([]);
  });

  it('is nearly perfect where nothing but noise differs, and bad where a process has a median of its own', () => {
    const share = (runs: readonly RunSummary[]) => {
      const { overlapping, pairs, holding, intervals } = agreements({ runs })[0]!;
      return { overlap: overlapping / pairs, hold: holding / intervals };
    };
    const honest = share(simulated(20, 0));
    expect(honest.overlap).toBeGreaterThan(0.98);
    expect(honest.hold).toBeGreaterThan(0.93);
    const wrong = share(simulated(20, 2));
    expect(wrong.overlap).toBeLessThan(0.6);
    expect(wrong.hold).toBeLessThan(0.6);
  });
});

describe('the headline over runs', () => {
  const ratio = (middle: number, low: number, high: number): Row => ['ratio', 's', 'x', middle, low, high];
  const runs = [
    run(ratio(2, 1.9, 2.1)),
    run(median('x', 9, 9, 9), ratio(2.2, 2.09, 2.31)),
    run(ratio(1.8, 1.44, 2.16)),
  ];

  it('varies, and has intervals, in shares of the ratio', () => {
    const found = headlineOver({ runs, headline: 'x' }, 0.12)!;
    expect(found.runs.map((one) => one.median)).toEqual([2, 2.2, 1.8]);
    expect(found.deviation).toBeCloseTo(0.1, 12);
    expect(found.meanHalfWidth).toBeCloseTo(0.1, 12);
    expect(found.mostHalfWidth).toBeCloseTo(0.2, 12);
    expect(found.withinBound).toBe(2);
  });

  it('is not told of one run, nor without a headline', () => {
    expect(headlineOver({ runs: runs.slice(0, 1), headline: 'x' }, 0.12)).toBeNull();
    expect(headlineOver({ runs, headline: null }, 0.12)).toBeNull();
    expect(headlineOver({ runs, headline: 'y' }, 0.12)).toBeNull();
  });
});

describe('the runs in one place', () => {
  const at = (low: number, high: number) => ({ ...run(), distanceNs: [low, high] as [number, number] });

  it('are the most in which the CPUs stayed at one distance, the same in all', () => {
    const near = [at(70, 80), at(75, 100), at(72, 85)];
    const far = [at(300, 330), at(310, 320)];
    expect(inOnePlace([far[0]!, near[0]!, at(70, 320), near[1]!, far[1]!, near[2]!])).toEqual(near);
  });

  it('are none where distances are not known', () => {
    expect(inOnePlace([run(), run()])).toEqual([]);
  });
});
