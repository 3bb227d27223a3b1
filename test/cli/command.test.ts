/** Runs the built command as a user does. No test here depends on a speed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { hostSchema } from '../../lib/bench/facts/host-schema.js';
import { readResult } from '../../lib/bench/result/result-file.js';
import { copyCells, designCells, resultOf } from '../report/fixtures/result.js';
import { scratchFolder } from '../scratch.js';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function copytax(
  args: readonly string[],
  during: (child: ChildProcess) => void = () => {},
  engineFlags: readonly string[] = [],
): Promise<Ended> {
  const child = spawn(process.execPath, [...engineFlags, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  during(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

describe('copytax', () => {
  it.each([
    [[], 'no command given'],
    [['bnech'], "unknown command 'bnech': did you mean 'bench'?"],
    [['bench', '--desings', 'x'], "unknown option '--desings': did you mean --designs?"],
    [['bench', '--designs', 'bounce-page'], "unknown design 'bounce-page': did you mean 'bounce-pages'?"],
    [['bench', '--quick', '--full'], '--quick and --full contradict each other'],
    [['bench', 'tx-designs'], 'too many arguments'],
    [['bench', '--rounds'], "option '--rounds <number>' argument missing"],
    [['plot', 'a.json'], "required option '--out <folder>' not specified"],
  ])('refuses %j with exit code 2, in one line', async (args, message) => {
    const { code, stdout, stderr } = await copytax(args);
    expect(stderr).toContain(`copytax: ERR_USAGE: ${message}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([[['--help']], [['bench', '--help']], [['machine', '--help']]])('explains %j', async (args) => {
    const { code, stdout, stderr } = await copytax(args);
    expect(stdout).toContain('Usage: copytax');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('prints its version', async () => {
    expect((await copytax(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('copytax machine', () => {
  it('prints facts, and never the name of the host', async () => {
    const { code, stdout, stderr } = await copytax(['machine']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}architecture +\w/m);
    expect(stdout).not.toMatch(new RegExp(`\\b${hostname()}\\b`));
  });

  it('prints facts as JSON', async () => {
    const { stdout } = await copytax(['machine', '--json']);
    expect(hostSchema().safeParse(JSON.parse(stdout)).success).toBe(true);
  });
});

describe('copytax plot', () => {
  it('draws the pictures for which the file has cells', async () => {
    const home = scratchFolder();
    const file = join(home, 'a.json');
    writeFileSync(file, JSON.stringify(resultOf(designCells(), copyCells())));
    const { code, stdout } = await copytax(['plot', file, '--out', join(home, 'plots')]);
    expect(code).toBe(0);
    expect(readdirSync(join(home, 'plots'))).toEqual(['copy-cost.svg', 'cores-per-100-gbit.svg']);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  it('refuses a file that is not a result', async () => {
    const file = join(scratchFolder(), 'a.json');
    writeFileSync(file, '{}');
    const { code, stderr } = await copytax(['plot', file, '--out', scratchFolder()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_RESULT_SCHEMA: .*a\.json/);
  });
});

describe('copytax doctor', () => {
  it('refuses an engine that does not compile: it would be taken for the host', async () => {
    const { code, stdout, stderr } = await copytax(['doctor'], undefined, ['--jitless']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('copytax: ERR_ENGINE_FLAGS: --jitless (from the command line)');
  });
});

describe('copytax bench', () => {
  const COPIES = ['bench', '--quick', '--only', 'copy-cost'];

  it('refuses an engine that does not compile before it measures, and leaves files alone', async () => {
    const folder = scratchFolder();
    const args = ['bench', '--quick', '--json', join(folder, 'r.json')];
    const { code, stdout, stderr } = await copytax(args, undefined, ['--no-opt']);
    expect({ code, stdout, files: readdirSync(folder) }).toEqual({ code: 2, stdout: '', files: [] });
    expect(stderr).toMatch(
      /^copytax: ERR_ENGINE_FLAGS: --no-opt \(from the command line\) .*\. Measure with a Node .*\n$/,
    );
  });

  it('refuses a result file that cannot be written before it measures', async () => {
    const { code, stdout, stderr } = await copytax([...COPIES, '--json', '/nonexistent/a.json']);
    expect(stderr).toMatch(/^copytax: ERR_RESULT_FILE: cannot write \/nonexistent\/a\.json \(ENOENT\)/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('writes the report to stdout and the result to its file', async () => {
    const file = join(scratchFolder(), 'a.json');
    const { code, stdout, stderr } = await copytax([...COPIES, '--rounds', '1', '--seed', '5', '--json', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('a lower bound of the cost of bouncing');
    expect(stderr).toMatch(/^copytax: copy-cost: /);
    const result = readResult(file);
    expect(result).toMatchObject({ complete: true, interrupted: false, settings: { seed: 5, rounds: 1 } });
    expect(result.results.every(({ samples }) => samples.length === 1)).toBe(true);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('reports and keeps what it has measured at %s', async (signal, expected) => {
    const file = join(scratchFolder(), 'a.json');
    const { code, stdout } = await copytax([...COPIES, '--rounds', '10000', '--json', file], (child) => {
      child.stderr!.on('data', (text: string) => {
        if (/round [2-9]/.test(text)) child.kill(signal);
      });
    });
    expect(code).toBe(expected);
    expect(stdout).toContain('interrupted');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ complete: false, interrupted: true });
  });

  it('ends at a signal while much memory is being prepared, and says nothing of a failure', async () => {
    const args = ['bench', '--quick', '--only', 'tx-designs', '--window', '256M'];
    const { code, stdout, stderr } = await copytax(args, (child) => {
      child.stderr!.once('data', () => child.kill('SIGINT')); // that cells are prepared, is the first that it says
    });
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(/^copytax: tx-designs: prepare.*\n$/),
    });
    expect(stdout).toContain('interrupted');
  });
});
