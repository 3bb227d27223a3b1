/** The built command: a short series that is continued, runs that fail, Ctrl-C, and wrong usage. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readSeries } from '../../../dev/repeatability/series-file.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));
const SHORT = '--quick --only control-cost --rounds 2 --seed 4'.split(' ');

function repeatability(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const options = { encoding: 'utf8', env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'repeatability', ...args], options);
  return { status, stdout, stderr };
}

/** Processes import a module in which every run ends with exit code 9 while `condition` holds. */
function failingWhile(condition: string): NodeJS.ProcessEnv {
  const file = join(scratchFolder(), 'preload.mjs');
  const text = `import { existsSync, writeFileSync } from 'node:fs';
    if (process.argv.includes('--as-run') && (${condition})) process.exit(9);`;
  writeFileSync(file, text);
  return { ...process.env, NODE_OPTIONS: `--import ${file}` };
}

describe('npm run repeatability', () => {
  it('refuses options of runs before it starts one', () => {
    const out = join(scratchFolder(), 'series.json');
    for (const wrong of [
      ['--only', 'xyz'],
      ['--rounds', '0'],
    ]) {
      const { status, stderr } = repeatability(['--out', out, '--runs', '2', ...wrong]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^copytax: ERR_USAGE: .*\n$/);
    }
    const { status, stderr } = repeatability(['--out', out, '--keep', '/proc/x', ...SHORT]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_RESULT_FILE: .*\n$/);
  });

  it('takes runs, keeps each, and goes on with a series until it has them all', () => {
    const folder = scratchFolder();
    const out = join(folder, 'series.json.gz');
    const keep = join(folder, 'kept');
    expect(repeatability(['--out', out, '--runs', '2', ...SHORT])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^2 runs, effort quick, 2 rounds, from /m),
      stderr: expect.stringContaining('copytax: run 2 of 2, control-cost: '),
    });
    const two = readSeries(out);
    const { status, stdout, stderr } = repeatability(['--out', out, '--runs', '3', '--keep', keep, ...SHORT]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^copytax: run 3 of 3, /) });
    const three = readSeries(out);
    expect(three.runs.slice(0, 2)).toEqual(two.runs);
    expect(new Set(three.runs.map(({ seed }) => seed)).size).toBe(3);
    expect(readdirSync(keep)).toHaveLength(1);
    expect(readResult(join(keep, readdirSync(keep)[0]!))).toMatchObject({ settings: { seed: three.runs[2]!.seed } });
    expect(repeatability(['--analyse', out])).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('takes another run in place of one that fails', () => {
    const mark = join(scratchFolder(), 'mark');
    const env = failingWhile(`!existsSync('${mark}') && (writeFileSync('${mark}', ''), true)`);
    const out = join(scratchFolder(), 'series.json');
    const { status, stderr } = repeatability(['--out', out, '--runs', '2', ...SHORT], env);
    expect(existsSync(mark)).toBe(true);
    expect({ status, runs: readSeries(out).runs.length }).toEqual({ status: 0, runs: 2 });
    expect(stderr).toContain('copytax: ERR_RUN: run 1 of 2 did not complete (exit code 9)');
  });

  it('gives up when one run after the other fails, and writes no series without a run', () => {
    const out = join(scratchFolder(), 'series.json');
    const { status, stdout, stderr } = repeatability(['--out', out, '--runs', '2', ...SHORT], failingWhile('true'));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.match(/ERR_RUN/g)).toHaveLength(3);
    expect(existsSync(out)).toBe(false);
  });

  it('ends at Ctrl-C with 130', async () => {
    const out = join(scratchFolder(), 'series.json');
    const args = [MAIN, 'repeatability', '--out', out, '--quick', '--only', 'control-cost', '--rounds', '10000'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
  });

  it.each<[args: string[], status: number, said: RegExp]>([
    [[], 2, /ERR_USAGE: give either --out or --analyse/],
    [['--out', 'a', '--runs', '1'], 2, /ERR_USAGE: --runs 1 is out of range: the nearest valid value is 2/],
    [['--out', '/missing/a.json'], 1, /ERR_RESULT_FILE: cannot write \/missing\/a\.json \(ENOENT\)/],
    [['--analyse', '/missing/a.json'], 1, /ERR_RESULT_FILE: cannot read \/missing\/a\.json \(ENOENT\)/],
  ])('refuses %j in one line', (args, status, said) => {
    const refused = repeatability(args);
    expect(refused).toEqual({ status, stdout: '', stderr: expect.stringMatching(said) });
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
