/** The built command: a short experiment and its analysis, Ctrl-C, and wrong usage. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readVariance, writeVariance } from '../../../dev/variance/variance-file.js';
import { scratchFolder } from '../../scratch.js';
import { simulatedData } from '../variance/fixtures/example-data.js';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));

function variance(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'variance', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('npm run variance', () => {
  it('samples for the time that it is given, and writes what it prints about', () => {
    const out = join(scratchFolder(), 'data.json.gz');
    const args = ['--out', out, '--minutes', '0.2', '--processes', '2', '--sample-ms', '5', '--seed', '3'];
    const { status, stdout, stderr } = variance(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('copytax: variance: ') });
    const data = readVariance(out);
    expect(data.settings).toEqual({ minutes: 0.2, processes: 2, sampleMs: 5, seed: 3 });
    expect(stdout).toMatch(new RegExp(`^${data.turns.length} turns within `));
    expect(variance(['--analyse', out])).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('analyses a file without sampling', () => {
    const file = join(scratchFolder(), 'data.json');
    writeVariance(file, simulatedData(3));
    const { status, stdout } = variance(['--analyse', file]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^direct : bounce +\d+\.\d \[/m);
  });

  it('ends at Ctrl-C, and keeps what it has sampled', async () => {
    const out = join(scratchFolder(), 'data.json');
    const args = [MAIN, 'variance', '--out', out, '--minutes', '10', '--processes', '2', '--sample-ms', '5'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.once('data', () => child.kill('SIGINT')); // after the first process has started
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    expect(readVariance(out).settings.minutes).toBe(10);
  });

  it.each<[args: string[], status: number, said: RegExp]>([
    [[], 2, /ERR_USAGE: give either --out or --analyse/],
    [['--out', 'a', '--analyse', 'b'], 2, /ERR_USAGE: give either --out or --analyse/],
    [['--out', 'a', '--minutes', 'x'], 2, /ERR_USAGE: --minutes 'x' is not a number from 0\.05 to 240/],
    [['--out', 'a', '--minutes', '0'], 2, /ERR_USAGE: --minutes '0' is not a number/],
    [['--out', 'a', '--processes', '1'], 2, /ERR_USAGE: --processes 1 is out of range: the nearest valid value is 2/],
    [['--out', 'a', '--sample-ms', '0'], 2, /ERR_USAGE: --sample-ms 0 is out of range/],
    [['--out', '/missing/a.json'], 1, /ERR_RESULT_FILE: cannot write \/missing\/a\.json \(ENOENT\)/],
    [['--analyse', '/missing/a.json'], 1, /ERR_RESULT_FILE: cannot read \/missing\/a\.json \(ENOENT\)/],
  ])('refuses %j in one line', (args, status, said) => {
    const refused = variance(args);
    expect(refused).toEqual({ status, stdout: '', stderr: expect.stringMatching(said) });
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('refuses a file that is something else', () => {
    const file = join(scratchFolder(), 'other.json');
    writeFileSync(file, '[]');
    expect(variance(['--analyse', file])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/ERR_RESULT_SCHEMA/),
    });
  });
});
