/** The JSON Schemas that are files of the package, applied to documents by a validator that is not of this project. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseDoctor } from '../../../lib/bench/doctor/doctor-schema.js';
import { environmentFacts } from '../../../lib/bench/host/environment.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { Recorder } from '../../../lib/bench/result/recorder.js';
import { parseResult, type ResultDocument } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { packageFolder, packageVersion } from '../../../lib/package-facts.js';
import { quietResult } from '../fixtures/quiet-result.js';
import { scriptedRun } from '../fixtures/runs.js';
import { scriptedSettings } from '../fixtures/scripted.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const load = (name: string) => createRequire(import.meta.url)(`copytax/schema/${name}`) as object;
const read = (file: string) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as Record<string, unknown>;
const jsonIn = (folder: string) =>
  readdirSync(`${root}/${folder}`).flatMap((name) => (name.endsWith('.json') ? [`${folder}/${name}`] : []));

/** Objects that take what they declare and nothing else, so that a field without a description is found. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject = 'properties' in schema && !('$ref' in schema) && !('additionalProperties' in schema);
  return isObject ? { ...inner, additionalProperties: false } : inner;
}

function validator(schema: object) {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, strictTypes: false });
  const check = validate.compile(schema);
  return (document: unknown) =>
    check(document) ? [] : check.errors!.map((one) => `${one.instancePath} ${one.message}`);
}

const written = (document: object): unknown => JSON.parse(JSON.stringify(document));
const run = () => scriptedRun({ cells: { a: [1, 2, 3, 4, 5, 6], b: [2, 3, 4, 5, 6, null] }, pulses: [[1], [1]] });
const series = () => combineRuns([run(), run(), run()], { seed: 1, count: 3, complete: true, interrupted: false });
const here = () => {
  const environment = environmentFacts({ packageFolder: packageFolder(), version: packageVersion() });
  return new Recorder(hostFacts(), environment, scriptedSettings()).document({ complete: true, interrupted: false });
};

describe('the JSON Schema of results', () => {
  const open = validator(load('result'));

  it.each<[string, () => ResultDocument]>([
    ['a quiet run', quietResult],
    ['a run with a cell that failed once', run],
    ['several runs in one', series],
    ['a run on this host', here],
  ])('takes %s as it is written', (_name, make) => {
    expect(open(written(make()))).toEqual([]);
  });

  it('describes every field that a run has', () => {
    const { runs: _runs, ...rest } = load('result') as { runs?: unknown; $defs: { run: object } };
    const strict = validator(closed({ ...rest.$defs.run, $schema: undefined }) as object);
    for (const make of [quietResult, run, here]) expect(strict(written(make()))).toEqual([]);
  });

  it.each(jsonIn('benchmarks/results'))('takes %s, in the form of this version', (file) => {
    const document = read(file);
    if (document.schema === 'copytax.result/3') expect(open(document)).toEqual([]);
    expect(open(written(parseResult(document, file)))).toEqual([]);
  });

  it.each<[string, (document: ResultDocument) => unknown]>([
    ['of another schema', (document) => ({ ...document, schema: 'copytax.result/2' })],
    ['without a host', ({ machine: _machine, ...rest }) => rest],
    ['whose samples are words', (document) => ({ ...document, results: [{ ...document.results[0], samples: ['1'] }] })],
    ['whose run in a series is damaged', () => ({ ...series(), runs: [{ ...run(), seconds: null }] })],
    ['that is a list', (document) => [document]],
  ])('refuses a document %s', (_name, damage) => {
    expect(open(written(damage(run()) as object))).not.toEqual([]);
  });
});

describe('the JSON Schema of examinations', () => {
  const open = validator(load('doctor'));

  it.each(jsonIn('benchmarks/results/doctor'))('takes %s, in the form of this version', (file) => {
    expect(open(written(parseDoctor(read(file))))).toEqual([]);
  });

  it('refuses an examination without guards, and a result', () => {
    const { guards: _guards, ...rest } = parseDoctor(read(jsonIn('benchmarks/results/doctor')[0]!));
    expect(open(written(rest))).toEqual([" must have required property 'guards'"]);
    expect(open(written(run()))).not.toEqual([]);
  });
});
