/** The examples of `copytax/slots`, run as a user runs them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root });
  return { status, stdout, stderr };
}

describe('the examples', () => {
  it('have types that agree', () => {
    const { status, stdout } = run('node_modules/typescript/bin/tsc', '-p', 'examples/tsconfig.json');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});

describe('examples/slots-between-workers', () => {
  it('passes a thousand blocks, of which none is left', () => {
    const stdout = '1000 blocks arrived; bytes in use at the end: 0\n';
    expect(run(join(root, 'examples/slots-between-workers/run.js'))).toEqual({ status: 0, stdout, stderr: '' });
  });
});

describe('examples/folios', () => {
  it('keeps one block for all uses, and frees it at the end', () => {
    const stdout = 'in stock: 1 block of 8 pages; free: 1016\nfree again: 1024\n';
    expect(run(join(root, 'examples/folios/run.js'))).toEqual({ status: 0, stdout, stderr: '' });
  });
});
