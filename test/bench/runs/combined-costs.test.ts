import { describe, expect, it } from '@jest/globals';
import type { Cores, CostDifferenceResult } from '../../../lib/bench/result/cores-schema.js';
import type { CellResult, ResultDocument } from '../../../lib/bench/result/result.js';
import { combineCells } from '../../../lib/bench/runs/combined-cells.js';
import { combineCores, combineCostDifferences, ledgerSampleOf } from '../../../lib/bench/runs/combined-costs.js';
import { CORE_KEYS, type CoreKey } from '../../../lib/bench/types/ledger-keys.js';
import { scriptedRun } from '../fixtures/runs.js';

const byPart = <Value>(of: (at: number) => Value) =>
  Object.fromEntries(CORE_KEYS.map((key, at) => [key, of(at)])) as Record<CoreKey, Value>;

/** A cost of 1.5 cores times `factor`: 0.1, 0.2, 0.3, 0.4 and 0.5. */
function cores(factor: number): Cores {
  const part = (at: number) => ({ cores: (factor * (at + 1)) / 10, low: 0, high: 9 });
  const median = CORE_KEYS.reduce((sum, _key, at) => sum + part(at).cores, 0);
  return { median, low: 0, high: 9, confidence: 0.95, rounds: 12, parts: byPart(part) };
}

/** A run whose cell `a` costs that much; null: it has no cost. */
function runWith(factor: number | null, more: Partial<ResultDocument> = {}): ResultDocument {
  const run = scriptedRun({ cells: { a: [1], b: [1] } });
  const results = run.results.map((cell): CellResult => {
    const ledger = Object.assign(
      { ...cell.ledger },
      { coresTotal: 7 },
      byPart(() => 7),
    );
    return factor === null ? cell : { ...cell, ledger, cores: cores(factor) };
  });
  return { ...run, results, ...more };
}

const cellOf = (run: ResultDocument) => run.results[0];
const combined = (...factors: (number | null)[]) => combineCores(factors.map((factor) => cellOf(runWith(factor))));

describe('the cost of a cell by several runs', () => {
  it('has parts that add up to the median of the totals of the runs', () => {
    const cost = combined(1, 4, 2, 3, 6, 5, 9)!;
    expect(cost).toMatchObject({ confidence: 0.95, rounds: 7 });
    expect(cost.median).toBeCloseTo(6, 12);
    expect(cost.low).toBeGreaterThanOrEqual(1.5);
    expect(cost.high).toBeLessThanOrEqual(13.5);
    expect(CORE_KEYS.reduce((sum, key) => sum + cost.parts[key].cores, 0)).toBeCloseTo(cost.median, 12);
    expect(cost.parts.coresBounce.cores).toBeCloseTo(0.8, 12);
  });

  it('has an interval from the smallest to the largest where there are few runs', () => {
    expect(combined(1, 3)).toMatchObject({ confidence: 0.5, rounds: 2 });
    expect(combined(1, 3)!.low).toBeCloseTo(1.5, 12);
    expect(combined(1, 3)!.high).toBeCloseTo(4.5, 12);
    expect(combined(2)).toMatchObject({ confidence: 0, rounds: 1 });
  });

  it('is given if half of the runs have one', () => {
    expect(combined(1, null, 1, null)).toMatchObject({ rounds: 2 });
    expect(combined(1, null, null)).toBeNull();
    expect(combined(null)).toBeNull();
  });

  it('agrees with the ledger of the cell', () => {
    const [cell] = combineCells(
      [1, 2, 3].map((factor) => runWith(factor)),
      [],
    );
    expect(cell!.cores!.median).toBeCloseTo(3, 12);
    expect(cell!.ledger.coresTotal).toBe(cell!.cores!.median);
    expect(cell!.ledger.coresUser).toBe(cell!.cores!.parts.coresUser.cores);
    const [without] = combineCells([runWith(null)], []);
    expect(without).not.toHaveProperty('cores');
  });
});

describe('a sample of the ledger that is a run', () => {
  const cell = (factor: number | null, costs: readonly (number | null)[]) => ({
    ...cellOf(runWith(factor))!,
    ledgerSamples: {
      coresTotal: [...costs],
      coresUser: [...costs],
      allocNsPer64K: [1, 2, 9],
      copiesPerByte: [1, 2, 4],
    },
  });

  it('is the median of its rounds, and of costs the parts that add up', () => {
    const given = cell(1, [7, 8, 9]);
    expect(ledgerSampleOf(given, 'copiesPerByte')).toBe(2);
    expect(ledgerSampleOf(given, 'allocNsPer64K')).toBe(2);
    expect(ledgerSampleOf(given, 'coresUser')).toBe(0.1);
    expect(ledgerSampleOf(given, 'coresTotal')).toBeCloseTo(1.5, 12);
    expect(ledgerSampleOf(given, 'other')).toBeNull();
    expect(ledgerSampleOf(undefined, 'copiesPerByte')).toBeNull();
  });

  it('is no cost where the run has none to give, though some rounds had one', () => {
    const without = cell(null, [7, null, null]);
    for (const key of ['coresUser', 'coresTotal', 'allocNsPer64K']) expect(ledgerSampleOf(without, key)).toBeNull();
    expect(ledgerSampleOf(without, 'copiesPerByte')).toBe(2);
  });

  it('has the cost of an older file, which has it in its ledger only', () => {
    const older = { ...cell(null, [7, 8, 9]), ledger: byPart(() => 3) };
    expect(ledgerSampleOf(older, 'coresUser')).toBe(3);
    expect(combineCores([older])).toMatchObject({ median: 15, rounds: 1 });
  });
});

describe('the difference of two costs by several runs', () => {
  const difference = (median: number): CostDifferenceResult => {
    const one = { median, low: median, high: median, significant: true };
    return { id: 'a:b', scenario: 'scripted', of: 'a', to: 'b', ...one, rounds: 12, parts: byPart(() => one) };
  };
  const of = (...medians: (number | null)[]) =>
    combineCostDifferences(
      medians.map((median) => runWith(1, { costDifferences: median === null ? [] : [difference(median)] })),
    )[0];

  it('is the median of the differences of the runs, and so is each part', () => {
    expect(of(-0.5, -0.1, -0.3)).toMatchObject({ of: 'a', to: 'b', median: -0.3, low: -0.5, high: -0.1, rounds: 3 });
    expect(of(-0.5, -0.1, -0.3)!.parts.coresRest).toMatchObject({ median: -0.3 });
  });

  it('may be significant with six runs, if it is 3 % of the cost', () => {
    expect(of(-0.5, -0.4, -0.5, -0.6, -0.5, -0.5)).toMatchObject({ significant: true, rounds: 6 });
    expect(of(-0.5, -0.4, -0.5, -0.6, -0.5)).toMatchObject({ significant: false });
    expect(of(0.04, 0.04, 0.04, 0.04, 0.04, 0.04)).toMatchObject({ significant: false });
    expect(of(0.05, 0.05, 0.05, 0.05, 0.05, 0.05)).toMatchObject({ significant: true });
  });

  it('is compared with the cost that it is a change of', () => {
    const run = runWith(1, { costDifferences: [difference(0.1)] });
    const dear = runWith(9).results[0]!.cores!;
    const judged = (at: number) => {
      const results = run.results.map((cell, index) => (index === at ? { ...cell, cores: dear } : cell));
      return combineCostDifferences(new Array(6).fill({ ...run, results }))[0]!.significant;
    };
    expect([judged(0), judged(1)]).toEqual([true, false]); // 0.1 of 1.5, and of 13.5
  });

  it('is given if half of the runs have one', () => {
    expect(of(1, null)).toMatchObject({ median: 1, rounds: 1 });
    expect(of(1, null, null)).toBeUndefined();
  });
});
