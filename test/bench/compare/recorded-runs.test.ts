/** Comparisons of twenty recorded runs each, of one host: nothing differs between them but what runs differ by. */
import { describe, expect, it } from '@jest/globals';
import type { RunSummary, Row as SeriesRow } from '../../../dev/repeatability/run-summary.js';
import { readSeries } from '../../../dev/repeatability/series-file.js';
import { type CompareOptions, compareGroups, type GroupComparison } from '../../../lib/bench/compare/compare-groups.js';
import { type Kind, keyOf, type Measured, type RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { random, shuffled } from '../../../lib/random.js';
import { realRun, rowOf } from './fixtures/simulated-runs.js';

const OPTIONS: CompareOptions = { minimalEffect: 0.03, isStrict: false, deviations: [new Map(), new Map()] };
const KINDS: Readonly<Partial<Record<SeriesRow[0], Kind>>> = { median: 'value', ratio: 'ratio', cores: 'cost' };

function factsOf(run: RunSummary, at: number): RunFacts {
  const numbers = run.rows.flatMap(([of, , id, median, low, high]): Measured[] => {
    const kind = KINDS[of];
    if (kind === undefined || !(low > 0)) return [];
    const row = { ...rowOf({ kind, id }), needsCpus: id.includes('senders=') };
    return [{ row, median, spread: Math.log(high / low) / 2 / 1.96, rounds: null }];
  });
  const [low, high] = run.distanceNs ?? [1, 1];
  const named = new Map(numbers.map((number) => [keyOf(number.row), number]));
  return { ...realRun(), source: `${at}`, distance: { low, high }, distances: [], numbers: named };
}

const seriesOf = (effort: string) => readSeries(`benchmarks/results/repeatability-${effort}.json.gz`).runs;

function shareFound(comparisons: readonly GroupComparison[]): number {
  const all = comparisons.flatMap(({ differences }) => differences);
  expect(all.length).toBeGreaterThan(1000);
  return all.filter(({ significant }) => significant).length / all.length;
}

/** Comparisons of some runs with as many others, drawn by chance. */
function divisions(runs: readonly RunFacts[], size: number, times: number): [RunFacts[], RunFacts[]][] {
  const next = random(size);
  return Array.from({ length: times }, () => {
    const order = shuffled(runs, next);
    return [order.slice(0, size), order.slice(size, 2 * size)];
  });
}

describe.each(['quick', 'default'])('twenty %s runs of one host', (effort) => {
  const runs = seriesOf(effort).map(factsOf);

  it('differ in at most 5 % of the numbers of any two of them', () => {
    const pairs = runs.flatMap((run, at) => runs.slice(at + 1).map((other) => compareGroups([run], [other], OPTIONS)));
    expect(pairs).toHaveLength(190);
    expect(shareFound(pairs)).toBeLessThan(0.05);
  });

  it.each([2, 3, 5, 10])('differ in at most 5 %% of the numbers of %d and %d others', (size) => {
    const compared = divisions(runs, size, 40).map(([base, other]) => compareGroups(base, other, OPTIONS));
    expect(shareFound(compared)).toBeLessThan(0.05);
  });
});
