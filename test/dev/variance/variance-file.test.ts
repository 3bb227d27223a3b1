import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { requireWritable } from '../../../dev/files/json-file.js';
import { readVariance, varianceText, writeVariance } from '../../../dev/variance/variance-file.js';
import { scratchFolder } from '../../scratch.js';
import { exampleData, turnOf } from './fixtures/example-data.js';

const data = exampleData([turnOf([[0, 1, 50, 1, 77, 0.3]]), turnOf([[1, 2, 25, 0.5, null, null]], { memory: 1 })]);

describe('varianceText', () => {
  it('has a line for each turn', () => {
    const lines = varianceText(data).split('\n');
    expect(lines).toContain(`${JSON.stringify(data.turns[0])},`);
    expect(lines).toContain(JSON.stringify(data.turns[1]));
    expect(JSON.parse(varianceText(data))).toEqual(data);
    expect(JSON.parse(varianceText(exampleData([])))).toEqual(exampleData([]));
  });
});

describe('The file of the data', () => {
  it.each(['data.json', 'data.json.gz'])('is read as it was written, and left whole, under the name %s', (name) => {
    const path = join(scratchFolder(), name);
    requireWritable(path);
    writeVariance(path, exampleData([]));
    writeVariance(path, data);
    expect(readVariance(path)).toEqual(data);
    expect(readdirSync(join(path, '..'))).toEqual([name]);
    const bytes = readFileSync(path);
    const text = name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
    expect(text).toBe(varianceText(data));
  });

  it('is refused before anything runs where it cannot be written, and keeps what it has', () => {
    const folder = scratchFolder();
    const path = join(folder, 'kept.json');
    writeVariance(path, data);
    requireWritable(path);
    expect(readVariance(path)).toEqual(data);
    const nowhere = join(folder, 'missing', 'data.json');
    const refused = expect.objectContaining({
      code: 'ERR_RESULT_FILE',
      message: expect.stringMatching(/^cannot write .*missing.* \(ENOENT\)$/),
    });
    expect(() => requireWritable(nowhere)).toThrow(refused);
    expect(() => writeVariance(nowhere, data)).toThrow(refused);
    mkdirSync(join(folder, 'taken'));
    expect(() => writeVariance(join(folder, 'taken'), data)).toThrow(/^cannot write .*taken \(EISDIR\)$/);
    expect(readdirSync(folder).toSorted()).toEqual(['kept.json', 'taken']);
  });

  it('is refused when it is missing, no JSON, not compressed, or something else', () => {
    const folder = scratchFolder();
    const path = join(folder, 'x.json');
    const codeOf = (name: string) => {
      try {
        readVariance(name);
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect({ missing: codeOf(path), exists: existsSync(path) }).toEqual({ missing: 'ERR_RESULT_FILE', exists: false });
    writeFileSync(path, '{');
    writeFileSync(`${path}.gz`, varianceText(data));
    expect({ cut: codeOf(path), plain: codeOf(`${path}.gz`) }).toEqual({
      cut: 'ERR_RESULT_SCHEMA',
      plain: 'ERR_RESULT_SCHEMA',
    });
    writeFileSync(path, '{"schema": "copytax.result/1"}');
    expect(() => readVariance(path)).toThrow(/x\.json does not have the schema/);
  });
});
