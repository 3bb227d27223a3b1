import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readJson, requireWritable, writeWhole } from '../../../dev/files/json-file.js';
import { scratchFolder } from '../../scratch.js';

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('a file of data', () => {
  it.each(['a.json', 'a.json.gz'])('is replaced as a whole, and read again, under the name %s', (name) => {
    const path = join(scratchFolder(), name);
    writeWhole(path, '[1]');
    writeWhole(path, '[1, 2]');
    expect(readJson(path)).toEqual([1, 2]);
    expect(readdirSync(join(path, '..'))).toEqual([name]);
    const bytes = readFileSync(path);
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()).toBe('[1, 2]');
  });

  it('keeps what it has where it is only asked whether it can be written', () => {
    const path = join(scratchFolder(), 'a.json');
    writeWhole(path, '[1]');
    requireWritable(path);
    expect(readJson(path)).toEqual([1]);
  });

  it('is refused where it cannot be written, without a draft that stays', () => {
    const folder = scratchFolder();
    const nowhere = join(folder, 'missing', 'a.json');
    expect(() => requireWritable(nowhere)).toThrow(refused('ERR_RESULT_FILE', /^cannot write .*a\.json \(ENOENT\)$/));
    expect(() => writeWhole(nowhere, '')).toThrow(refused('ERR_RESULT_FILE', /^cannot write .*a\.json \(ENOENT\)$/));
    mkdirSync(join(folder, 'taken'));
    expect(() => writeWhole(join(folder, 'taken'), '')).toThrow(refused('ERR_RESULT_FILE', /taken \(EISDIR\)$/));
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('is refused when it is missing, no JSON or not compressed', () => {
    const path = join(scratchFolder(), 'a.json');
    expect(() => readJson(path)).toThrow(refused('ERR_RESULT_FILE', /^cannot read .*a\.json \(ENOENT\)$/));
    writeFileSync(path, '{');
    writeFileSync(`${path}.gz`, '{}');
    expect(() => readJson(path)).toThrow(refused('ERR_RESULT_SCHEMA', /a\.json is not JSON$/));
    expect(() => readJson(`${path}.gz`)).toThrow(refused('ERR_RESULT_SCHEMA', /a\.json\.gz is not compressed JSON$/));
  });
});
