import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResultFile, readResult, resultText } from '../../../lib/bench/result/result-file.js';
import { scratchFolder } from '../../scratch.js';
import { FakeClock, scriptedRecorder } from '../fixtures/scripted.js';

const document = () => scriptedRecorder(new FakeClock()).document({ complete: true, interrupted: false });

describe('ResultFile', () => {
  it('writes what it reads again, and leaves no other file behind', () => {
    const path = join(scratchFolder(), 'a.json');
    const file = ResultFile.open(path);
    file.write(document(), false);
    file.write(document(), true);
    expect(readResult(path)).toEqual(document());
    expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
  });

  it('does not change the old content until there is a result', () => {
    const path = join(scratchFolder(), 'a.json');
    writeFileSync(path, 'older results');
    const file = ResultFile.open(path);
    expect(file.write({ ...document(), complete: false }, true)).toBe(false);
    expect(file.write(document(), true)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('older results');
  });

  it('follows a symbolic link instead of replacing it', () => {
    const home = scratchFolder();
    symlinkSync(join(home, 'real.json'), join(home, 'link.json'));
    ResultFile.open(join(home, 'link.json')).write(document(), true);
    expect(realpathSync(join(home, 'link.json'))).toBe(realpathSync(join(home, 'real.json')));
    expect(readResult(join(home, 'real.json'))).toEqual(document());
  });

  it('removes its draft when a folder has taken the place of the file', () => {
    const path = join(scratchFolder(), 'a.json');
    const file = ResultFile.open(path);
    mkdirSync(path);
    expect(() => file.write(document(), true)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_FILE' }));
    expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
  });

  it('writes to a device without replacing it', () => {
    const file = ResultFile.open('/dev/null');
    file.write(document(), true);
    expect(readFileSync('/dev/null', 'utf8')).toBe('');
  });

  it('writes the last document to a standard output that is a pipe', () => {
    const module = new URL('../../../lib/bench/result/result-file.js', import.meta.url).href;
    const program = `
      import { readFileSync } from 'node:fs';
      const { ResultFile } = await import(${JSON.stringify(module)});
      const file = ResultFile.open('/dev/stdout');
      const document = JSON.parse(readFileSync(0, 'utf8'));
      file.write(document, false);
      file.write(document, true);`;
    const args = ['--input-type=module', '-e', program];
    // Programs that Node starts have sockets for pipes, which Linux does not open by name. Those of a shell are pipes.
    const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" "$@" | cat', process.execPath, ...args], {
      encoding: 'utf8',
      input: JSON.stringify(document()),
    });
    expect({ stderr, document: stdout === '' ? null : JSON.parse(stdout) }).toEqual({
      stderr: '',
      document: JSON.parse(JSON.stringify(document())),
    });
  });

  it.each([
    ['a folder that is not there', '/nonexistent/a.json', 'ENOENT'],
    ['a folder', tmpdir(), 'EISDIR'],
  ])('refuses %s before the run', (_name, path, reason) => {
    expect(() => ResultFile.open(path)).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_FILE', details: expect.objectContaining({ path, reason }) }),
    );
  });
});

describe('resultText', () => {
  it('writes an array of numbers on one line and anything else one entry a line', () => {
    expect(resultText({ samples: [1.5, 2], names: ['a'], none: [], nothing: {}, left: undefined, rounds: null })).toBe(
      '{\n "samples": [1.5, 2],\n "names": [\n  "a"\n ],\n "none": [],\n "nothing": {},\n "rounds": null\n}',
    );
  });

  it('writes JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(resultText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('readResult', () => {
  it('tells a missing file from a file that is not a result', () => {
    const path = join(scratchFolder(), 'a.json');
    expect(() => readResult(path)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_FILE' }));
    writeFileSync(path, 'not json');
    expect(() => readResult(path)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_SCHEMA' }));
    writeFileSync(path, '{}');
    expect(() => readResult(path)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_SCHEMA' }));
  });
});
