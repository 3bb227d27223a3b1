import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { comparisonSchema } from '../../../lib/bench/compare/comparison-schema.js';
import { copyCells, designCells, resultOf } from '../../report/fixtures/result.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const folder = scratchFolder();

function compared(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'compare', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

let day = 0;

function file(name: string, speed: number): string {
  const result = resultOf(designCells({ direct: 250 * speed, bounce: 120 * speed, 'bounce-pages': 240 * speed }));
  const created = new Date(Date.UTC(2026, 0, ++day)).toISOString();
  writeFileSync(join(folder, name), JSON.stringify({ ...result, environment: { ...result.environment, created } }));
  return name;
}

const before = [0.99, 0.995, 1, 1.005, 1.01].map((speed, at) => file(`old-${at}.json`, speed));
const after = [0.99, 0.995, 1, 1.005, 1.01].map((speed, at) => file(`new-${at}.json`, speed * 0.8));

describe('copytax compare', () => {
  it('compares two files', () => {
    const { code, stdout, stderr } = compared(before[0]!, after[0]!);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('old-0 (1 run, the base), new-0 (1 run)');
    expect(stdout).toMatch(/^ {2}bounce +rate/m);
  });

  it('compares groups of files, and takes options on both sides of --', () => {
    const { code, stdout } = compared('--name', 'was,is', ...before, '--', ...after, '--base', 'is', '--all');
    expect(code).toBe(0);
    expect(stdout).toContain('is (5 runs, the base), was (5 runs)');
    expect(stdout).toContain('by the order of runs');
  });

  it('shows nothing of a file against itself', () => {
    const { code, stdout } = compared(before[0]!, before[0]!);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^None of \d+ rows differs significantly\.$/m);
    expect(stdout).toContain('The groups hold the same runs');
    expect(stdout).not.toContain('tx-designs');
  });

  it('fails where a condition of a build is met, and says which rows met it', () => {
    const args = [...before, '--', ...after];
    const failing = compared(...args, '--fail-if', 'tx-designs/*:ratio < 0.95');
    expect({ code: failing.code, stderr: failing.stderr }).toEqual({ code: 1, stderr: '' });
    expect(failing.stdout).toContain('FAILED: met by 3 of 3 rows');
    expect(compared(...args, '--fail-if', 'tx-designs/*:ratio < 0.5').code).toBe(0);
    const none = compared(...args, '--fail-if', 'tx-desings/*:ratio < 0.95');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('near are tx-designs/');
  });

  it('prints JSON, or a block for an e-mail', () => {
    const args = [...before, '--', ...after, '--fail-if', '*:ratio < 0.95'];
    const { code, stdout } = compared('--json', ...args);
    const document = comparisonSchema().parse(JSON.parse(stdout));
    expect({ code, schema: document.schema, failed: document.conditions[0]!.failed }).toEqual({
      code: 1,
      schema: 'copytax.comparison/1',
      failed: true,
    });
    const email = compared('--email', ...args);
    expect(email.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect({ code: email.code, stderr: email.stderr }).toEqual({ code: 1, stderr: expect.stringContaining('FAILED') });
  });

  it.each([
    [[], 'no files'],
    [[before[0]!], 'old-0.json alone'],
    [[...before, ...after, '--all'], '--all is for groups, and more than 8 files makes a fleet'],
  ])('refuses %j', (args, message) => {
    const { code, stdout, stderr } = compared(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_USAGE: /);
    expect(stderr).toContain(message);
  });

  it('refuses results that have no cell in common', () => {
    writeFileSync(join(folder, 'copies.json'), JSON.stringify(resultOf(copyCells())));
    const { code, stderr } = compared(before[0]!, 'copies.json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^copytax: ERR_COMPARE: old-0, copies: no cell is in common\./);
  });
});
