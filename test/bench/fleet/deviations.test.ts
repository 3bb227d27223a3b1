import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../lib/bench/compare/run-facts.js';
import { medianOf, scaleOf, scoresOf } from '../../../lib/bench/fleet/deviations.js';
import { rowOf } from '../compare/fixtures/simulated-runs.js';

const ROWS: readonly Row[] = [
  { ...rowOf({ id: 'tx/bounce/senders=1' }), higherIsBetter: true },
  { ...rowOf({ id: 'tx/bounce/senders=2' }), higherIsBetter: true },
  { ...rowOf({ id: 'tx/bounce/senders=3' }), higherIsBetter: true },
  { ...rowOf({ kind: 'ratio', id: 'tx/a:b' }), higherIsBetter: null },
  rowOf({ kind: 'worth', id: 'tx/bounce/senders=1' }),
];
const column = (last: number) => Float64Array.of(98, 99, 100, 101, 102, last);

describe('scores of runs', () => {
  it('are above zero where a run is slower: lower rates, and higher ratios', () => {
    const scores = scoresOf(ROWS, [column(80), column(80), column(80), column(120), column(100)]);
    const last = (key: number) => scores.find((score) => score.key === key)!.deviations[5]!;
    expect(last(0)).toBeGreaterThan(5);
    expect(last(3)).toBeGreaterThan(5);
    expect(scores.some(({ key }) => key === 4)).toBe(false);
  });

  it('are of families, too, in which a run is where most of its numbers are', () => {
    const columns = [column(80), column(81), column(500), column(100), column(100)];
    const families = scoresOf(ROWS, columns).filter(({ key }) => key === null);
    expect(families).toHaveLength(3); // the line, the scenario, and all
    for (const { deviations } of families) expect(deviations[5]).toBeGreaterThan(3);
  });

  it('pass over numbers that too few runs have', () => {
    const few = Float64Array.of(1, 2, 3, 4, Number.NaN, Number.NaN);
    expect(scoresOf(ROWS.slice(0, 1), [few])).toEqual([]);
    const enough = Float64Array.of(1, 2, 3, 4, 5, Number.NaN);
    expect(scoresOf(ROWS.slice(0, 1), [enough])).toHaveLength(1);
  });

  it('are finite where all runs have the same number', () => {
    const [score] = scoresOf(ROWS.slice(0, 1), [new Float64Array(6).fill(7)]);
    expect([...score!.deviations].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('a median and a robust scale', () => {
  it('pass over what is missing, and are not moved by what lies outside', () => {
    expect(medianOf([3, Number.NaN, 1, 2])).toBe(2);
    expect(medianOf([])).toBeNaN();
    expect(scaleOf(Float64Array.of(1, 2, 3, 4, 1e9), 3)).toBeCloseTo(1.4826);
  });
});
