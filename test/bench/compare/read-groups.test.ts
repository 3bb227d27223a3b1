import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readGroups } from '../../../lib/bench/compare/read-groups.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { designCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';

const folder = scratchFolder();

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

function resultAt(created: string): ResultDocument {
  const result = resultOf(designCells());
  return { ...result, environment: { ...result.environment, created } };
}

const group = (name: string, ...files: string[]) => ({ name, files });

describe('the groups of a comparison', () => {
  const one = file('one.json', resultAt('2026-01-01T00:00:00.000Z'));
  const two = file('two.json', resultAt('2026-01-02T00:00:00.000Z'));
  const copy = file('copy.json', resultAt('2026-01-01T00:00:00.000Z'));

  it('have the runs of their files, and share the rows', () => {
    const { groups, repeated, shared } = readGroups([group('a', one), group('b', two)]);
    expect(groups.map(({ name, runs }) => [name, runs.map(({ source }) => source)])).toEqual([
      ['a', [one]],
      ['b', [two]],
    ]);
    const rows = groups.map(({ runs }) => [...runs[0]!.numbers.values()].map(({ row }) => row));
    expect(rows[0]!.every((row, at) => row === rows[1]![at])).toBe(true);
    expect([repeated, shared]).toEqual([[], []]);
  });

  it('have each run of a series', () => {
    const runs = [resultAt('2026-01-01T00:00:00.000Z'), resultAt('2026-01-02T00:00:00.000Z')];
    const series = file('series.json', { ...runs[0], runs });
    const { groups } = readGroups([group('a', series), group('b', two)]);
    expect(groups[0]!.runs.map(({ source }) => source)).toEqual([`${series}#1`, `${series}#2`]);
  });

  it('count a run once, however often its group names it, and say so', () => {
    const { groups, repeated } = readGroups([group('a', one, copy, one, two), group('b', two)]);
    expect(groups[0]!.runs.map(({ source }) => source)).toEqual([one, two]);
    expect(repeated).toEqual([
      { source: copy, as: one },
      { source: one, as: one },
    ]);
  });

  it('keep a run that another group has, too, and say so', () => {
    const { groups, shared } = readGroups([group('a', one), group('b', copy)]);
    expect(groups.map(({ runs }) => runs.length)).toEqual([1, 1]);
    expect(shared).toEqual([{ source: copy, as: one }]);
  });

  it('are the same where each has the same runs, and not where one has a run more', () => {
    const isSameOf = (...groups: string[][]) => readGroups(groups.map((files) => group('a', ...files))).isSame;
    expect([isSameOf([one, two], [two, copy]), isSameOf([one, two], [copy]), isSameOf([one], [copy, two])]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('name every file that is refused', () => {
    const odd = file('odd.json', '{}');
    const none = join(folder, 'none.json');
    const read =
      (...files: string[]) =>
      () =>
        readGroups([group('a', one), group('b', ...files)]);
    expect(read(odd)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', details: expect.anything() }));
    expect(read(none)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_FILE' }));
    expect(read(none, two, odd)).toThrow(`cannot read ${none} (ENOENT); also refused: ${odd}`);
  });

  it('are refused where a file means something else by the same id', () => {
    const result = resultAt('2026-01-03T00:00:00.000Z');
    const results = result.results.map((cell) => ({ ...cell, unit: 'ns' }));
    const other = file('unit.json', { ...result, results });
    expect(() => readGroups([group('a', one), group('b', other)])).toThrow(
      expect.objectContaining({ code: 'ERR_COMPARE' }),
    );
  });
});
