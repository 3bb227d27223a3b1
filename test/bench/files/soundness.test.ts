import { describe, expect, it } from '@jest/globals';
import { misfitOf } from '../../../lib/bench/files/soundness.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { scriptedRun } from '../fixtures/runs.js';

const values = [1, 2, 3, 4, 5, null];
const run = () => scriptedRun({ cells: { a: values, b: values.map((value) => value && 2 * value) }, pulses: [[1]] });
const series = () => combineRuns([run(), run()], { seed: 1, count: 2, complete: true, interrupted: false });

/** A document in which something was damaged. */
function damaged(document: ResultDocument, damage: (document: ResultDocument) => unknown): ResultDocument {
  const copy = structuredClone(document);
  damage(copy);
  return copy;
}

describe('the parts of a result', () => {
  it('fit each other as runs and series write them', () => {
    expect([misfitOf(run()), misfitOf(series())]).toEqual([null, null]);
  });

  it.each<[string, string, (document: ResultDocument) => unknown]>([
    ['two cells have one id', 'results.1.id', ({ results }) => Object.assign(results[1]!, { id: 'a' })],
    ['a time of a sample is lost', 'results.0.durationsMs', ({ results }) => results[0]!.durationsMs.pop()],
    ['a sample is lost', 'results.1.durationsMs', ({ results }) => results[1]!.samples.pop()],
    ['a start is lost', 'results.0.startedMs', ({ results }) => results[0]!.startedMs!.pop()],
    ['a pulse is lost', 'results.0.pulsesNs', ({ results }) => results[0]!.pulsesNs!.pop()],
    [
      'an entry of a sampled ledger is lost',
      'results.0.ledgerSamples.onCpuShare',
      ({ results }) => results[0]!.ledgerSamples!.onCpuShare!.pop(),
    ],
    ['an interval is turned', 'results.0.summary', ({ results }) => Object.assign(results[0]!.summary, { low: 9 })],
    ['that of a ratio is', 'ratios.0', ({ ratios }) => Object.assign(ratios[0]!, { high: 0 })],
    ['a ratio is of no cell', 'ratios.0.of', ({ ratios }) => Object.assign(ratios[0]!, { of: 'c' })],
    ['a ratio is to no cell', 'ratios.0.to', ({ ratios }) => Object.assign(ratios[0]!, { to: 'c' })],
    ['samples are runs, and there is none', 'runs', (document) => Object.assign(document, { sampledBy: 'run' })],
  ])('do not fit where %s', (_name, path, damage) => {
    expect(misfitOf(damaged(run(), damage))).toEqual({ path, reason: expect.any(String) });
  });

  it('are checked in each run of a series', () => {
    const damage = ({ runs }: ResultDocument) => Object.assign(runs![1]!.results[1]!, { id: 'a' });
    expect(misfitOf(damaged(series(), damage))).toEqual({
      path: 'runs.1.results.1.id',
      reason: 'is that of entry 0, too: "a"',
    });
  });

  it('have intervals of sizes that are open at an end', () => {
    const sizes = { smallest: { median: 1, low: 1, high: null }, largest: { median: null, low: null, high: 4 } };
    expect(misfitOf({ ...run(), crossings: [sizes] })).toBeNull();
    const turned = { ...sizes, largest: { median: 1, low: 5, high: 4 } };
    expect(misfitOf({ ...run(), crossings: [turned] })).toEqual({
      path: 'crossings.0.largest',
      reason: 'low is above high: 5, 4',
    });
  });

  it('have costs whose parts are checked too', () => {
    const interval = { low: 2, high: 1 };
    const cores = { low: 1, high: 2, parts: { coresUser: interval } };
    const [cell] = run().results;
    expect(misfitOf({ ...run(), ratios: [], results: [{ ...cell!, cores }] })?.path).toBe(
      'results.0.cores.parts.coresUser',
    );
    const difference = { of: 'a', to: 'b', low: 1, high: 2, parts: { coresRest: interval } };
    expect(misfitOf({ ...run(), costDifferences: [difference] })?.path).toBe('costDifferences.0.parts.coresRest');
  });
});
