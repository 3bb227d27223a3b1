import { describe, expect, it } from '@jest/globals';
import { commonOf, parseSeries, SERIES_SCHEMA, summaryOf } from '../../../dev/repeatability/run-summary.js';
import { scriptedRun } from '../../bench/fixtures/runs.js';
import { designCells, resultOf } from '../../report/fixtures/result.js';

describe('what is kept of a run', () => {
  const run = scriptedRun({ cells: { a: [1, 2, 3.0000004], b: [2, 4, 6] }, pulses: [[1], [2], [1]], seed: 9 });

  it('is each number with its interval, to five digits, and how fast the run was', () => {
    expect(summaryOf({ ...run, warnings: [{ code: 'STEAL', seen: '', why: '', remedy: '' }] })).toEqual({
      created: run.environment.created,
      seed: 9,
      seconds: 10,
      pulses: 6,
      atFullSpeed: 4,
      distanceNs: [60, 61],
      warnings: ['STEAL'],
      rows: [
        ['median', 'scripted', 'a', 2, 1, 3],
        ['median', 'scripted', 'b', 4, 2, 6],
        ['ratio', 'scripted', 'a:b', 0.5, 0.5, 0.5],
      ],
    });
  });

  it('has no number that was measured once: it has no interval', () => {
    expect(summaryOf(scriptedRun({ cells: { a: [1], b: [2] } })).rows).toEqual([]);
  });

  it('has the costs of cells and their differences', () => {
    const { results, costDifferences } = resultOf(designCells());
    const rows = summaryOf({ ...run, results, costDifferences }).rows;
    const kinds = rows.map(([kind]) => kind);
    expect(kinds.filter((kind) => kind === 'cores')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'difference')).toHaveLength(2);
  });
});

describe('what runs have in common', () => {
  it('is all settings but the seed, the host, the version and the headline', () => {
    const common = commonOf(resultOf(designCells()));
    expect(common.headline).toMatch(/^tx-designs\/bounce-pages.* : tx-designs\/bounce\//);
    expect(common.settings).toMatchObject({ effort: 'quick', runs: null });
    expect(common.settings).not.toHaveProperty('seed');
    expect(common).toMatchObject({ version: '0.1.0', commit: null });
  });

  it('has no headline where no designs were measured', () => {
    expect(commonOf(scriptedRun({ cells: { a: [1] } })).headline).toBeNull();
  });
});

describe('parseSeries', () => {
  it('refuses what is no series, and says where', () => {
    const run = scriptedRun({ cells: { a: [1, 2] } });
    const series = { schema: SERIES_SCHEMA, ...commonOf(run), runs: [summaryOf(run)] };
    expect(parseSeries(JSON.parse(JSON.stringify(series)), 'x')).toEqual(series);
    const code = (path: string) =>
      expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', details: { source: 'x', path } });
    expect(() => parseSeries(7, 'x')).toThrow(code('the document'));
    expect(() => parseSeries({ ...series, schema: 'y' }, 'x')).toThrow(code('schema'));
    expect(() =>
      parseSeries({ ...series, runs: [{ ...summaryOf(run), rows: [['z', '', '', 0, 0, 0]] }] }, 'x'),
    ).toThrow(code('runs.0.rows.0.0'));
  });
});
