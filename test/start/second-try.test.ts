import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

interface Suite {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}
interface Run {
  readonly code: number;
  readonly report: { readonly testResults: readonly Suite[] } | null;
}

const script = fileURLToPath(new URL('../../../scripts/start/second-try.cjs', import.meta.url));
const { secondTry } = createRequire(import.meta.url)(script) as {
  secondTry: (first: Run, run: (options: string[]) => Promise<Run>, print: (line: string) => void) => Promise<Run>;
};

const STARTS = "import { spawnSync } from 'node:child_process';";

function suite(name: string, tests: Readonly<Record<string, string>>, message = ''): Suite {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  const status = assertionResults.every((test) => test.status === 'passed') ? 'passed' : 'failed';
  return { name, status, message, assertionResults };
}

const ended = (...testResults: Suite[]): Run => ({
  code: testResults.every(({ status }) => status === 'passed') ? 0 : 1,
  report: { testResults },
});

describe('a test that failed', () => {
  let folder: string;
  let runs: string[][];
  let lines: string[];

  beforeEach(() => {
    folder = scratchFolder();
    runs = [];
    lines = [];
  });

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Resolves to how all ended, when a second run would end with `second`. */
  function tryAgain(first: Run, second: Run): Promise<Run> {
    const run = (options: string[]) => {
      runs.push(options);
      return Promise.resolve(second);
    };
    return secondTry(first, run, (line) => lines.push(line));
  }

  it('is run once more, alone, if its file starts programs, and told as flaky when it passes', async () => {
    const [one, other] = [file('one.js', STARTS), file('other.js', STARTS)];
    const passing = suite(other, { c: 'passed' });
    const second = suite(one, { a: 'passed', b: 'passed' });
    const last = await tryAgain(ended(suite(one, { a: 'passed', b: 'failed' }), passing), ended(second));
    expect({ runs, lines, last }).toEqual({
      runs: [['--runInBand', '--runTestsByPath', one]],
      lines: [`FLAKY: ${one}: b`],
      last: ended(second, passing),
    });
  });

  it('has failed if it fails again, or if another test of its file does', async () => {
    const one = file('one.js', STARTS);
    const first = ended(suite(one, { a: 'passed', b: 'failed' }));
    for (const tests of [
      { a: 'passed', b: 'failed' },
      { a: 'failed', b: 'passed' },
    ] as const) {
      expect(await tryAgain(first, ended(suite(one, tests)))).toEqual(ended(suite(one, tests)));
    }
  });

  it('is not run again if its file starts no programs, or beside one that does not', async () => {
    const [plain, starts] = [file('plain.js', 'a machine on threads'), file('starts.js', STARTS)];
    const first = ended(suite(plain, { a: 'failed' }), suite(starts, { b: 'failed' }));
    expect(await tryAgain(first, ended())).toBe(first);
    expect(runs).toEqual([]);
  });

  it('is not run again with an input by chance: the next one may pass', async () => {
    const first = ended(suite(file('one.js', STARTS), { a: 'failed' }, 'Property failed after 3 tests'));
    expect(await tryAgain(first, ended())).toBe(first);
    expect(runs).toEqual([]);
  });

  it('is not run again beside many others', async () => {
    const files = ['a', 'b', 'c', 'd'].map((name) => suite(file(name, STARTS), { it: 'failed' }));
    const first = ended(...files);
    expect(await tryAgain(first, ended())).toBe(first);
    expect(await tryAgain(ended(...files.slice(1)), ended(...files.slice(1)))).toEqual(ended(...files.slice(1)));
    expect(runs).toHaveLength(1);
  });

  it('stays failed when the second run leaves no report', async () => {
    const first = ended(suite(file('one.js', STARTS), { a: 'failed' }));
    expect(await tryAgain(first, { code: 1, report: null })).toBe(first);
  });
});

describe('a run', () => {
  const never = () => Promise.reject(new Error('run twice'));

  it.each([
    ['in which all tests passed', ended(suite('x', { a: 'passed' }))],
    ['that left no report', { code: 3, report: null }],
  ])('%s is not repeated', async (_, first) => {
    expect(await secondTry(first, never, () => {})).toBe(first);
  });
});
