import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Series } from '../../../dev/repeatability/run-summary.js';
import { joined, readSeries, readStarted, withRun, writeSeries } from '../../../dev/repeatability/series-file.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { scriptedRun } from '../../bench/fixtures/runs.js';
import { scratchFolder } from '../../scratch.js';

const run = (began: number, seed = began) => scriptedRun({ cells: { a: [1, 2, began], b: [1, 1, 1] }, began, seed });
const seriesOf = (...runs: ResultDocument[]) =>
  runs.reduce<Series | null>((series, one) => withRun(series, one), null)!;
const refused = (code: string) => expect.objectContaining({ code });

describe('a series of runs', () => {
  it('has its runs in the order of time, in whatever order they came', () => {
    expect(seriesOf(run(20), run(10), run(30)).runs.map(({ seed }) => seed)).toEqual([10, 20, 30]);
    expect(joined(seriesOf(run(20)), seriesOf(run(30), run(10))).runs.map(({ seed }) => seed)).toEqual([10, 20, 30]);
  });

  it('has no runs that differ in settings, version or host', () => {
    const series = seriesOf(run(1));
    const other = run(2);
    const { settings, environment, machine } = other;
    expect(() => withRun(series, { ...other, settings: { ...settings, rounds: 7 } })).toThrow(refused('ERR_USAGE'));
    expect(() => withRun(series, { ...other, environment: { ...environment, commit: 'x' } })).toThrow(/commit/);
    expect(() => withRun(series, { ...other, machine: { ...machine, fingerprint: 'x' } })).toThrow(/fingerprint/);
    expect(withRun(series, other).runs).toHaveLength(2);
  });
});

describe('the file of a series', () => {
  it.each(['a.json', 'a.json.gz'])('is read as it was written, and may be continued, under the name %s', (name) => {
    const path = join(scratchFolder(), name);
    expect(readStarted(path)).toBeNull();
    writeFileSync(path, '');
    expect(readStarted(path)).toBeNull();
    const series = seriesOf(run(1), run(2));
    writeSeries(path, series);
    expect(readStarted(path)).toEqual(series);
    expect(readSeries(path)).toEqual(series);
  });

  it('has each run on a line', () => {
    const path = join(scratchFolder(), 'a.json');
    const series = seriesOf(run(1), run(2));
    writeSeries(path, series);
    expect(readFileSync(path, 'utf8').split('\n')).toContain(`${JSON.stringify(series.runs[0])},`);
  });

  it('may be a result of one run or of several', () => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, JSON.stringify(run(1)));
    expect(readSeries(path)).toEqual(seriesOf(run(1)));
    const state = { seed: 1, count: 3, complete: true, interrupted: false };
    writeFileSync(path, JSON.stringify(combineRuns([run(1), run(2), run(3)], state)));
    expect(readSeries(path)).toEqual(seriesOf(run(1), run(2), run(3)));
    writeFileSync(path, '{"schema": "other"}');
    expect(() => readSeries(path)).toThrow(refused('ERR_RESULT_SCHEMA'));
    expect(() => readStarted(path)).toThrow(refused('ERR_RESULT_SCHEMA'));
  });
});
