import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { elfProblem } from '../../lib/addon/elf-file.js';
import { readJson } from '../../lib/bench/files/read-json.js';
import { Reducer } from '../../lib/bench/fleet/reduce-result.js';
import { parseResult } from '../../lib/bench/result/result.js';
import { readResult } from '../../lib/bench/result/result-file.js';
import { readTraceBytes } from '../../lib/trace/format/trace-reader.js';
import { verifyFile } from '../../lib/trace/verify.js';
import { copyCells, designCells, resultOf } from '../report/fixtures/result.js';
import { scratchFolder } from '../scratch.js';
import { mutated, mutatedText, survives } from '../support/mutated.js';

const ORACLE = fileURLToPath(new URL('../../../test/fixtures/oracle/', import.meta.url));
const TRACE_LINES = 200;

/** The first lines of a recording: what follows is of the same kind. */
function beginOf(name: string): string {
  const text = gunzipSync(readFileSync(join(ORACLE, name))).toString('utf8');
  return `${text.split('\n').slice(0, TRACE_LINES).join('\n')}\n`;
}

const file = join(scratchFolder(), 'foreign');
/** Writes the bytes to a file, which the parser reads. */
const fromFile = (parse: (path: string) => unknown) => (bytes: Buffer) => {
  writeFileSync(file, bytes);
  return parse(file);
};

const result = JSON.stringify(resultOf(designCells(), copyCells()));
const traces = ['a1-single-1024.jsonl.gz', 'c1-restricted-1000.jsonl.gz', 'bootparams.jsonl.gz'].map(beginOf);
const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), Buffer.alloc(80, 62)]);

describe('a file', () => {
  it('of JSON is read, or refused in words, plain or gzipped', () => {
    survives(mutated(result, gzipSync(result), '[1]'), fromFile(readJson), 150);
  });

  it('of a result is read, or refused in words', () => {
    survives(mutated(result), fromFile(readResult), 150);
  });

  it('of a result in a fleet is read, or a failure of the fleet', () => {
    const reducer = new Reducer();
    survives(
      mutated(result),
      fromFile((path) => reducer.reduce(path)),
      100,
    );
  });

  it('of a trace is verified, or refused in words', () => {
    survives(mutated(...traces), fromFile(verifyFile), 150);
  });

  it('of a gzipped trace is unpacked, or refused in words', () => {
    survives(
      mutated(gzipSync(traces[0]!), traces[0]!),
      fromFile((path) => readTraceBytes(path, 2 ** 20)),
      150,
    );
  });

  it('that should be a library is called whole, or what is wrong with it', () => {
    survives(
      mutated(elf),
      fromFile((path) => elfProblem(path, 'x64')),
      150,
    );
  });
});

describe('a value', () => {
  const parsed = (parse: (value: unknown) => unknown) => (text: string) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
    return parse(value);
  };

  it('is a result, or refused in words', () => {
    survives(
      mutatedText(result),
      parsed((value) => parseResult(value, 'foreign')),
      150,
    );
  });

  it('with __proto__ changes no object of the program', () => {
    survives(
      mutatedText(result),
      parsed((value) => parseResult(value, 'foreign')),
      20,
    );
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
