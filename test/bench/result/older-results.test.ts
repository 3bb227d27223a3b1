import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { migrated, RESULT_SCHEMA } from '../../../lib/bench/result/older-results.js';
import { parseResult, type ResultDocument } from '../../../lib/bench/result/result.js';

/** Small documents as older versions wrote them, which stay here when the committed results are measured anew. */
const fixture = (name: string) =>
  JSON.parse(readFileSync(`test/fixtures/results/${name}.json`, 'utf8')) as ResultDocument;
const fileOf = (name: string) => JSON.parse(readFileSync(`benchmarks/results/${name}`, 'utf8')) as object;

describe('results of older versions', () => {
  it('are read as results of this one, step by step', () => {
    for (const [name, schema] of [
      ['result-1', 'copytax.result/1'],
      ['result-2', 'copytax.result/2'],
    ] as const) {
      const file = fixture(name);
      expect(file).toMatchObject({ schema });
      expect(parseResult(file, name)).toMatchObject({ schema: RESULT_SCHEMA, sampledBy: 'round' });
    }
  });

  it.each(['result-1', 'result-2', 'result-2-series'])('keep what %s measured, and know nothing more', (name) => {
    const file = fixture(name);
    const { results, ratios, seconds, environment, machine } = parseResult(file, name);
    expect({ results, ratios, seconds }).toEqual({
      results: file.results,
      ratios: file.ratios,
      seconds: file.seconds,
    });
    expect(environment).toEqual({ ...file.environment, changed: null, addon: null });
    expect(machine.cpu).toMatchObject({ model: file.machine.cpu.model, types: null, dies: null });
    expect(machine.missing.at(-1)!.reason).toBe('copytax.result/2 does not have it: the file is of an older version');
  });

  it('are read wherever they are committed', () => {
    for (const name of readdirSync('benchmarks/results').filter((file) => file.endsWith('.json'))) {
      expect(parseResult(fileOf(name), name)).toMatchObject({ schema: RESULT_SCHEMA });
    }
  });

  it('have runs of this version, if they are of several runs', () => {
    const { runs } = parseResult(fixture('result-2-series'), 'x');
    expect(runs?.map(({ schema }) => schema)).toEqual([RESULT_SCHEMA, RESULT_SCHEMA]);
  });

  it('are refused where their runs are none', () => {
    expect(() => parseResult({ ...fixture('result-2'), runs: 5 }, 'x')).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', details: expect.objectContaining({ path: 'runs' }) }),
    );
  });

  it('have no runs of runs, however deep a damaged file has them', () => {
    const run = { ...fixture('result-2'), runs: [] as unknown[] };
    let inner: object = run;
    for (let depth = 0; depth < 20_000; depth++) inner = { ...run, runs: [inner] };
    const { runs } = parseResult(inner, 'x');
    expect(runs).toHaveLength(1);
    expect(runs![0]).not.toHaveProperty('runs');
  });

  it('are returned as they are if their schema is not known', () => {
    for (const value of [null, 3, {}, { schema: 'copytax.result/99' }, { schema: 'toString' }]) {
      expect(migrated(value)).toBe(value);
    }
  });
});
