import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const scripts = fileURLToPath(new URL('../../../scripts', import.meta.url));
const { supported } = createRequire(import.meta.url)(`${scripts}/check-node.cjs`) as {
  supported(version: string): boolean;
};

describe('check-node.cjs', () => {
  it.each([
    ['4.9.1', false],
    ['18.20.4', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.0.0', true],
    ['26.1.0', true],
  ])('takes Node %s for supported: %s', (version, expected) => {
    expect(supported(version)).toBe(expected);
  });
});

describe('the start in a folder that holds nothing but the scripts', () => {
  let folder: string;
  beforeEach(() => {
    folder = scratchFolder();
    cpSync(scripts, join(folder, 'scripts'), { recursive: true });
  });

  function node(...args: string[]) {
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  }

  it('refuses a command that it does not know', () => {
    const { status, stdout, stderr } = node('scripts/start.cjs', 'brew');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe('copytax: unknown command brew. Remedy: use one of bench, test, build\n');
  });

  it('says what the installed command misses, where, and what makes it', () => {
    const { status, stdout, stderr } = node('scripts/copytax.cjs', 'machine');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/main\.js is missing.*Run `npm run build` in /);
  });

  it('prints nothing to stdout, which is for the report, when a step fails', () => {
    const { status, stdout, stderr } = node('scripts/start.cjs', 'bench');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^copytax: .* Remedy: /m);
  });
});

describe('npm test', () => {
  /** With a jest that prints its arguments. */
  function runTests(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
    const root = scratchFolder();
    mkdirSync(join(root, 'node_modules/jest/bin'), { recursive: true });
    writeFileSync(join(root, 'node_modules/jest/bin/jest.js'), 'console.log(process.argv.slice(2).join())');
    const program = `require(${JSON.stringify(`${scripts}/start/tests.cjs`)}).runTests(...JSON.parse(process.argv[1]))
      .then((code) => { process.exitCode = code; }, ({ message, remedy }) => console.log(message, '-', remedy))`;
    return spawnSync(process.execPath, ['-e', program, JSON.stringify([root, args])], { encoding: 'utf8', env });
  }

  it('lists tests as jest does, and counts none', () => {
    const { status, stdout } = runTests(process.env, '--listTests', 'test/start');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '--listTests,test/start\n' });
  });

  it('leaves out the dashes that pnpm hands on, but no others', () => {
    expect(runTests(process.env, '--', '--listTests', 'x').stdout).toBe('--listTests,x\n');
    expect(runTests(process.env, '--listTests', '--', 'x').stdout).toBe('--listTests,--,x\n');
  });

  it('says which folder is missing where TMPDIR names none', () => {
    expect(runTests({ ...process.env, TMPDIR: '/nonexistent' }).stdout).toBe(
      'no folder for the files of tests can be made in /nonexistent (ENOENT) - ' +
        'set TMPDIR to a folder that exists and can be written\n',
    );
  });
});
