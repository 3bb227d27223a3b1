/** Runs the built command on traces that are right, wrong, damaged or missing. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../lib/trace/replay/verdict.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const ORACLE = fileURLToPath(new URL('../../../../test/fixtures/oracle/', import.meta.url));
const RIGHT = `${ORACLE}a1-single-1024.jsonl.gz`;
const ALSO_RIGHT = `${ORACLE}c2-restricted-333.jsonl.gz`;

const folder = scratchFolder();
const lines = gunzipSync(readFileSync(RIGHT)).toString('utf8').split('\n');

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The trace, unpacked, with one more slot freed in one line. */
function wrong(): { path: string; line: number } {
  const at = lines.findIndex((line) => /"nf":\d/.test(line));
  const changed = lines[at]!.replace(/"nf":(\d+)/, (_, slots) => `"nf":${Number(slots) + 1}`);
  return { path: file('wrong.jsonl', lines.with(at, changed).join('\n')), line: at + 1 };
}

function verify(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'verify', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('copytax verify', () => {
  it('says that each trace is the same, and counts operations and traces', () => {
    const { status, lines: said, stderr } = verify(RIGHT, ALSO_RIGHT);
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/a1-single-1024\.jsonl\.gz: \d+ operations, all the same$/);
    const [first, second, both] = said.map((line) => Number(/(\d+) operations/.exec(line)?.[1]));
    expect(both).toBe(first! + second!);
    expect(said[2]).toMatch(/^\d+ operations in \d\.\d+ s: \d+ a second$/);
    expect(said[3]).toBe('2 passed, 0 failed');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('shows the first difference, continues with the next trace, and fails', () => {
    const { path, line } = wrong();
    const { status, stdout, lines: said } = verify(path, RIGHT);
    expect(status).toBe(1);
    expect(said[0]).toBe(`${path}: differs`);
    expect(stdout).toContain(`  line ${line}: nf differs in {`);
    expect(stdout).toMatch(/Linux: +\d+\n +this one: +\d+\n/);
    expect(said.at(-1)).toBe('1 passed, 1 failed');
  });

  it.each([
    ['cut off', () => file('cut.jsonl', lines.slice(0, 200).join('\n')), /ERR_TRACE_SYNTAX: .*cut\.jsonl:200: /],
    [
      'damaged',
      () => file('bad.jsonl.gz', Buffer.from('\x1f\x8bxyz', 'latin1')),
      /ERR_TRACE_FILE: .*bad\.jsonl\.gz: damaged gzip data: (?!.*Correct)/,
    ],
    ['empty', () => '/dev/null', /ERR_TRACE_FILE: \/dev\/null: the file is empty/],
    ['not there', () => join(folder, 'none.jsonl'), /ERR_TRACE_FILE: .*none\.jsonl cannot be read/],
  ])('refuses a trace that is %s, and fails', (_what, path, why) => {
    const { status, lines: said, stdout } = verify(path(), RIGHT);
    expect(status).toBe(1);
    expect(said[0]).toMatch(/: refused$/);
    expect(stdout).toMatch(why);
    expect(said.at(-1)).toBe('1 passed, 1 failed');
  });

  it('prints the same as JSON', () => {
    const { path, line } = wrong();
    const none = join(folder, 'none.jsonl');
    const { status, stdout } = verify('--json', RIGHT, path, none);
    expect(status).toBe(1);
    const { files, ...rest } = JSON.parse(stdout) as { files: Verdict[] };
    const { operations } = files[0]!; // a trace that differs was not replayed to its end
    expect(rest).toEqual({ passed: 1, failed: 2, operations, seconds: expect.any(Number) });
    expect(files).toEqual([
      { file: RIGHT, name: expect.any(String), operations: expect.any(Number), difference: null },
      expect.objectContaining({ file: path, difference: expect.objectContaining({ line, field: 'nf' }) }),
      { file: none, error: expect.stringContaining('ERR_TRACE_FILE') },
    ]);
  });

  it('refuses to run without a trace', () => {
    const { status, stdout, stderr } = verify();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_USAGE: /);
  });
});
