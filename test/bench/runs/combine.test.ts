import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseResult } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { textReport } from '../../../lib/report/text.js';
import { scriptedRun } from '../fixtures/runs.js';

const SERIES = { seed: 7, count: 5, complete: true, interrupted: false };

const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 12 });
/** A run whose cells have as many samples each. */
const run = fc.record({ a: values, b: values, began: fc.nat(1000) }).map(({ a, b, began }) => {
  const rounds = Math.min(a.length, b.length);
  const cells = { a: a.slice(0, rounds), b: b.slice(0, rounds) };
  return scriptedRun({ cells, pulses: cells.a.map((value) => [1 + (value % 3) / 10, 1]), began });
});

describe('the document of several runs', () => {
  it('has the values of one run where all are equal', () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 12 }), (one, count) => {
        const combined = combineRuns(new Array(count).fill(one), SERIES);
        for (const [at, cell] of combined.results.entries()) {
          const single = one.results[at]!;
          const { median } = single.summary;
          expect(cell).toMatchObject({ id: single.id, params: single.params, ledger: single.ledger });
          expect(cell.samples).toEqual(new Array(count).fill(median));
          expect(cell.summary).toMatchObject({ median, low: median, high: median });
        }
        const { median } = one.ratios[0]!;
        expect(combined.ratios[0]).toMatchObject({ id: 'a:b', median, low: median, high: median, rounds: count });
        expect(combined.pulse).toEqual({
          ...one.pulse,
          samples: count * one.pulse!.samples,
          atFullSpeed: count * one.pulse!.atFullSpeed,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('says the same of its cells and ratios in whatever order the runs are', () => {
    const shuffledRuns = fc
      .uniqueArray(run, { minLength: 2, maxLength: 9, selector: ({ environment }) => environment.created })
      .chain((runs) => fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length })));
    fc.assert(
      fc.property(shuffledRuns, ([runs, shuffled]) => {
        const [one, other] = [combineRuns(runs, SERIES), combineRuns(shuffled, SERIES)];
        expect(other.results.map(({ id, summary, ledger }) => ({ id, summary, ledger }))).toEqual(
          one.results.map(({ id, summary, ledger }) => ({ id, summary, ledger })),
        );
        expect(other.results.map(({ atFullSpeed }) => atFullSpeed)).toEqual(
          one.results.map(({ atFullSpeed }) => atFullSpeed),
        );
        expect(other.ratios).toEqual(one.ratios);
        expect(other.pulse).toEqual(one.pulse);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same after it was written as JSON and read again, with each run in it', () => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
        const combined = combineRuns(runs, SERIES);
        expect(parseResult(JSON.parse(JSON.stringify(combined)), 'a.json')).toEqual(
          JSON.parse(JSON.stringify(combined)),
        );
        expect(new Set(combined.runs)).toEqual(new Set(runs));
      }),
      { numRuns: 20 },
    );
  });

  const three = () =>
    [1, 2, 3].map((factor) =>
      scriptedRun({ cells: { a: [factor, factor], b: [1, 1] }, began: 20 * factor, seed: factor }),
    );

  it('says that a sample is a run, and has the seed of the call', () => {
    expect(combineRuns(three(), SERIES)).toMatchObject({
      sampledBy: 'run',
      settings: { seed: 7, runs: 5 },
      seconds: 30,
      complete: true,
      runs: [{ settings: { seed: 1, runs: null } }, { settings: { seed: 2 } }, { settings: { seed: 3 } }],
    });
    expect(combineRuns(three(), { ...SERIES, seconds: 60 }).seconds).toBe(60);
  });

  it('has one entry of rounds for each run', () => {
    const [scenario] = combineRuns(three(), SERIES).scenarios;
    expect(scenario).toMatchObject({ name: 'scripted', seconds: 24, warmUpRounds: 6 });
    expect(scenario!.rounds.map(({ seconds }) => seconds)).toEqual([2, 2, 2]);
  });

  it('measures full speed by the fastest run', () => {
    const slow = scriptedRun({ cells: { a: [5, 6] }, pulses: [[2], [2]] });
    const fast = scriptedRun({ cells: { a: [1, 9] }, pulses: [[1], [1.5]] });
    expect(slow.pulse!.atFullSpeed).toBe(2);
    const { pulse, results } = combineRuns([slow, fast], SERIES);
    expect(pulse).toMatchObject({ fastestNs: [1], samples: 4, atFullSpeed: 1 });
    expect(results[0]!.atFullSpeed).toMatchObject({ samples: 1, summary: { median: 1 } });
  });

  it('has no pulse where no run has one', () => {
    const { pulse: _pulse, ...old } = scriptedRun({ cells: { a: [1] } });
    expect(combineRuns([old], SERIES).pulse).toBeUndefined();
  });

  it('tells a cell as failed that no run could measure', () => {
    const runs = [
      { a: [1, 2], b: [null, null] },
      { a: [null, null], b: [null, null] },
    ];
    const { results, failed } = combineRuns(
      runs.map((cells) => scriptedRun({ cells })),
      SERIES,
    );
    expect(results.map(({ id, samples }) => ({ id, samples }))).toEqual([{ id: 'a', samples: [1.5, null] }]);
    expect(failed).toEqual([expect.objectContaining({ id: 'b', samples: 4 })]);
  });

  it('is reported as runs, not as rounds', () => {
    const report = textReport(combineRuns(three(), { ...SERIES, complete: false, interrupted: true }));
    expect(report).toContain('3 runs in 24 s after 6 discarded warm-up rounds');
    expect(report).toContain('interrupted, 3 of 5 runs, each a process of its own, after 30.0 s; seed 7');
    expect(report).toContain('FEW_SAMPLES: each sample is a run, and there are 3 runs');
  });

  it('needs a run', () => {
    for (const given of [[], null] as never[]) {
      expect(() => combineRuns(given, SERIES)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    }
  });
});
