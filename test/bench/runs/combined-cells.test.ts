import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { combineCells, samplesAtFullSpeed } from '../../../lib/bench/runs/combined-cells.js';
import { summarize } from '../../../lib/bench/statistics/statistics.js';
import { scriptedRun } from '../fixtures/runs.js';

const combined = (runs: readonly ResultDocument[]) => combineCells(runs, [1, 1]);

describe('a cell of several runs', () => {
  it('has the median of each run as its samples, and an interval over them', () => {
    const runs = [9, 2, 4, 6, 8, 7].map((value) => scriptedRun({ cells: { a: [value, value + 100, 0] } }));
    const [cell] = combined(runs);
    expect(cell!.samples).toEqual([9, 2, 4, 6, 8, 7]);
    expect(cell!.summary).toEqual(summarize([9, 2, 4, 6, 8, 7]));
  });

  it('has null for a run that lacks it, and stands where the first run has it', () => {
    const runs = [{ a: [1] }, { a: [3], b: [5] }, { b: [7] }].map((cells) => scriptedRun({ cells }));
    const cells = combined(runs);
    expect(cells.map(({ id, samples }) => ({ id, samples }))).toEqual([
      { id: 'a', samples: [1, 3, null] },
      { id: 'b', samples: [null, 5, 7] },
    ]);
    expect(cells[1]).toMatchObject({ durationsMs: [0, 100, 100], summary: { median: 6, low: 5, high: 7 } });
    expect(cells[1]!.ledgerSamples).toEqual({ onCpuShare: [null, 0.005, 0.007] });
  });

  it('has the median over runs of each entry of the ledger', () => {
    const [cell] = combined([1, 5, 3].map((value) => scriptedRun({ cells: { a: [value, value, value] } })));
    expect(cell!.ledger).toEqual({ onCpuShare: 0.003, timedNs: 3 });
  });

  it('says when each run began, how long it sampled, and how fast it was', () => {
    const pulses = [
      [1, 2],
      [1, 4],
      [2, 3],
    ];
    const runs = [60, 0].map((began) => scriptedRun({ cells: { a: [1, 2, 3] }, began, pulses }));
    const [cell] = combined(runs);
    expect(cell).toMatchObject({ startedMs: [60_000, 0], durationsMs: [300, 300] });
    expect(cell!.pulsesNs).toEqual([
      [1, 3],
      [1, 3],
    ]);
  });

  it('has nothing at full speed if no sample has a pulse', () => {
    expect(combined([scriptedRun({ cells: { a: [1] } })])[0]).not.toHaveProperty('atFullSpeed');
  });

  it('says that nothing was at full speed if all pulses were slow', () => {
    const runs = [scriptedRun({ cells: { a: [1] }, pulses: [[2, 2]] })];
    expect(combined(runs)[0]!.atFullSpeed).toEqual({ samples: 0, summary: null });
  });
});

describe('the samples at full speed', () => {
  it('are those beside which every CPU was as fast as in any run', () => {
    const pulses = [
      [1, 1],
      [1, 1.2],
      [1.04, 1],
    ];
    const run = scriptedRun({ cells: { a: [4, 5, 6] }, pulses });
    expect(samplesAtFullSpeed(run.results[0]!, [1, 1])).toEqual([4, null, 6]);
    expect(samplesAtFullSpeed(run.results[0]!, [0.9, 1])).toEqual([null, null, null]);
  });

  it('are none in a file without pulses', () => {
    const { pulsesNs: _pulsesNs, ...cell } = scriptedRun({ cells: { a: [4] } }).results[0]!;
    expect(samplesAtFullSpeed(cell, [1])).toEqual([null]);
  });
});
