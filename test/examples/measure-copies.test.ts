/** The example of a comparison of one's own, as a user runs it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../../lib/bench/result/result-file.js';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = join(root, 'examples/measure-copies/run.js');

describe('examples/measure-copies', () => {
  it('compares three ways of copying, reports them, and keeps a file', () => {
    const cwd = scratchFolder();
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8', cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\nmy-copies: which way of copying 64 KiB is the fastest\?\n/);
    for (const line of [/^ {2}set +\d.* [nµm]s +\d+$/m, /^ {2}slice \/ set +(~ )?\d/m]) expect(stdout).toMatch(line);
    const { complete, results } = readResult(join(cwd, 'mine.json'));
    const ids = results.map(({ id }) => id);
    expect({ complete, ids }).toEqual({ complete: true, ids: ['my-copies/set', 'my-copies/copy', 'my-copies/slice'] });
  });
});
