/** Runs series as a user does. No test here depends on a speed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { seedOfRun } from '../../../lib/bench/runs/run-series.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const SERIES = 'bench --quick --only control-cost --rounds 1 --seed 5'.split(' ');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `during` is called with all of stderr whenever there is more. `preload`: a module that every process imports first. */
async function copytax(
  args: readonly string[],
  { during, preload }: { during?: (stderr: string, child: ChildProcess) => void; preload?: string } = {},
): Promise<Ended> {
  const env = preload === undefined ? process.env : { ...process.env, NODE_OPTIONS: `--import ${preload}` };
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (name === 'stderr') during?.(output.stderr, child);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Makes a module that runs `text` in every run; `runs` counts them from 1. */
function inEachRun(text: string): string {
  const counter = join(scratchFolder(), 'runs');
  const file = join(scratchFolder(), 'preload.mjs');
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs';
     if (process.argv.includes('--as-run')) {
       appendFileSync(${JSON.stringify(counter)}, '.');
       const runs = readFileSync(${JSON.stringify(counter)}).length;
       ${text}
     }`,
  );
  return file;
}

describe('copytax bench --runs', () => {
  it('takes that number of runs, each with a seed of its own, and reports them together', async () => {
    const file = join(scratchFolder(), 'a.json');
    const { code, stdout, stderr } = await copytax([...SERIES, '--runs', '2', '--json', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('2 runs in ');
    expect(stdout).toContain('complete, 2 of 2 runs, each a process of its own, after ');
    expect(stderr).toMatch(/^copytax: run 1 of 2, control-cost: /);
    expect(stderr).toMatch(/^copytax: run 2 of 2, control-cost: /m);
    const result = readResult(file);
    expect(result).toMatchObject({
      sampledBy: 'run',
      complete: true,
      interrupted: false,
      settings: { seed: 5, runs: 2, rounds: 1 },
      runs: [0, 1].map((run) => ({
        sampledBy: 'round',
        complete: true,
        settings: { seed: seedOfRun(5, run), runs: null, rounds: 1 },
      })),
    });
    for (const [at, { id, samples }] of result.results.entries()) {
      expect({ id, samples }).toEqual({ id, samples: result.runs!.map(({ results }) => results[at]!.summary.median) });
    }
  });

  it('keeps the complete runs when it is stopped in a later one, and exits with 130', async () => {
    const file = join(scratchFolder(), 'a.json');
    // The second run would take minutes.
    const preload = inEachRun("if (runs === 2) process.argv[process.argv.indexOf('--rounds') + 1] = '10000';");
    let stoppedAt = 0;
    const { code, stdout } = await copytax([...SERIES, '--runs', '5', '--json', file], {
      preload,
      during: (stderr, child) => {
        if (stoppedAt > 0 || !stderr.includes('run 2 of 5')) return;
        stoppedAt = performance.now();
        child.kill('SIGINT');
      },
    });
    expect(performance.now() - stoppedAt).toBeLessThan(60_000);
    expect(code).toBe(130);
    expect(stdout).toContain('interrupted, 1 of 5 runs');
    const result = readResult(file);
    expect(result).toMatchObject({ complete: false, interrupted: true, settings: { runs: 5 } });
    expect(result.runs).toHaveLength(1);
  });

  it('keeps the runs before one that fails, says why that did, and exits with 1', async () => {
    const file = join(scratchFolder(), 'a.json');
    const preload = inEachRun("if (runs === 2) { console.error('the reason'); process.exit(9); }");
    const { code, stdout, stderr } = await copytax([...SERIES, '--runs', '3', '--json', file], { preload });
    expect(code).toBe(1);
    expect(stdout).toContain('incomplete, 1 of 3 runs');
    expect(stderr).toContain('the reason\ncopytax: ERR_RUN: run 2 of 3 did not complete (exit code 9).');
    expect(readResult(file)).toMatchObject({ complete: false, interrupted: false });
  });

  it('reports nothing if no run was complete, and leaves the file as it was', async () => {
    const file = join(scratchFolder(), 'a.json');
    writeFileSync(file, 'older');
    const preload = inEachRun('process.exit(9);');
    const { code, stdout, stderr } = await copytax([...SERIES, '--runs', '3', '--json', file], { preload });
    expect({ code, stdout, text: readFileSync(file, 'utf8') }).toEqual({ code: 1, stdout: '', text: 'older' });
    expect(stderr).toContain('only complete runs count, and none is');
  });

  it.each([
    ['1', '--runs 1 is out of range: the nearest valid value is 2 (2 to 100)'],
    ['x', "--runs 'x' is not a whole number"],
  ])('refuses %s, before anything runs', async (runs, message) => {
    const { code, stderr } = await copytax(['bench', '--runs', runs]);
    expect({ code, stderr: stderr.includes(message) }).toEqual({ code: 2, stderr: true });
  });

  it('refuses to be a run that no series has started', async () => {
    const { code, stderr } = await copytax([...SERIES, '--as-run']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^copytax: ERR_USAGE: --as-run is for runs that --runs has started/);
  });
});
