import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RowTable, runsOf } from '../../../lib/bench/compare/run-facts.js';
import { type Posted, Reducer } from '../../../lib/bench/fleet/reduce-result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { scratchFolder } from '../../scratch.js';
import { smallResult, writeSmallFleet } from './fixtures/small-fleet.js';

function fileOf(posted: Posted) {
  if ('failure' in posted) throw new Error(posted.failure.message);
  return posted.file;
}

describe('a reduced result', () => {
  it('has the numbers that a comparison has', () => {
    const [path] = writeSmallFleet(scratchFolder(), 1);
    const { newRows, runs } = fileOf(new Reducer().reduce(path!));
    const [facts] = runsOf(readResult(path!), path!, new RowTable());
    const [run] = runs;
    expect(run!.source).toBe(path);
    expect([...run!.medians]).toEqual([...facts!.numbers.values()].map(({ median }) => median));
    expect([...run!.rows].map((index) => newRows[index]!.row)).toEqual(
      [...facts!.numbers.values()].map(({ row }) => row),
    );
    expect(JSON.parse(run!.machine)).toEqual(facts!.machine);
    expect(run).toMatchObject({ version: '0.1.0', node: '20.20.2', copyKernel: 'kernel-like' });
  });

  it('has the spread of each number, and none of one whose interval says nothing', () => {
    const run = smallResult();
    const [first, ...others] = run.results;
    const unsure = { ...first!, summary: { ...first!.summary, confidence: 0.5 } };
    const path = join(scratchFolder(), 'unsure.json');
    writeFileSync(path, JSON.stringify({ ...run, results: [unsure, ...others] }));
    const [facts] = runsOf(readResult(path), path, new RowTable());
    const spreads = [...facts!.numbers.values()].map(({ spread }) => spread ?? Number.NaN);
    expect([...fileOf(new Reducer().reduce(path)).runs[0]!.spreads]).toEqual(spreads);
    expect(spreads[0]).toBeNaN();
  });

  it('names its rows once, with the parameters of their cells', () => {
    const [one, other] = writeSmallFleet(scratchFolder(), 2);
    const reducer = new Reducer();
    const { newRows } = fileOf(reducer.reduce(one!));
    expect(fileOf(reducer.reduce(other!)).newRows).toEqual([]);
    const bounce = newRows.find(({ row }) => row.id.startsWith('tx-designs/bounce/'));
    expect(JSON.parse(bounce!.params)).toMatchObject({ design: 'bounce', senders: 1 });
  });

  it('has each run of a file that holds several', () => {
    const path = join(scratchFolder(), 'series.json');
    const run = smallResult();
    writeFileSync(path, JSON.stringify({ ...run, sampledBy: 'run', runs: [run, run, run] }));
    const { runs } = fileOf(new Reducer().reduce(path));
    expect(runs.map(({ source }) => source)).toEqual([1, 2, 3].map((number) => `${path}#${number}`));
  });

  it('is a failure with one line where the file is damaged, foreign, of a later schema or not there', () => {
    const folder = scratchFolder();
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const reducer = new Reducer();
    const texts = ['{"schema": ', '{}', JSON.stringify({ ...smallResult(), schema: 'copytax.result/99' }), ''];
    const paths = [...texts.map((text, at) => write(`${at}.json`, text)), join(folder, 'nowhere.json')];
    const failures = paths.map((path) => reducer.reduce(path)).flatMap((one) => ('failure' in one ? one.failure : []));
    expect(failures.map(({ code }) => code)).toEqual([...Array(4).fill('ERR_RESULT_SCHEMA'), 'ERR_RESULT_FILE']);
    for (const [at, { message, source }] of failures.entries()) {
      expect(source).toBe(paths[at]);
      expect(message).toContain(source);
      expect(message).not.toContain('\n');
    }
  });
});
