/** Runs the built command as a user does. No test here depends on a speed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { doctorSchema } from '../../../lib/bench/doctor/doctor-schema.js';
import { GUARD_NAMES } from '../../../lib/bench/doctor/guard-list.js';
import { doctorText } from '../../../lib/report/doctor-text.js';

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));

/** `stopAt`: the signal that it gets as soon as it says that it begins with this part. */
async function doctor(args: readonly string[], stopAt: { part: string; signal: NodeJS.Signals } | null = null) {
  const child = spawn(process.execPath, [MAIN, 'doctor', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  let isStopped = false;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (stopAt === null || isStopped || !output.stderr.includes(stopAt.part)) return;
      isStopped = true;
      child.kill(stopAt.signal);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

describe('copytax doctor', () => {
  it('prints an examination of this host as JSON, which its report can be made from', async () => {
    const { code, stdout, stderr } = await doctor(['--json']);
    const document = doctorSchema().parse(JSON.parse(stdout));
    expect(document.guards.map(({ name }) => name)).toEqual(GUARD_NAMES);
    expect(document.interrupted).toBe(false);
    expect(code).toBe(document.verdict === 'unusable' ? 1 : 0);
    expect(doctorText(document)).toContain(`This host: ${document.verdict}`);
    expect(stdout).not.toMatch(new RegExp(`\\b${hostname()}\\b`));
    expect(stderr.split('\n').filter((line) => !/^(copytax: doctor: .*)?$/.test(line))).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('prints what it has at %s', async (signal, expected) => {
    const { code, stdout, stderr } = await doctor([], { part: 'zero-page', signal });
    expect(stderr).not.toContain('ERR_');
    expect(code).toBe(expected);
    expect(stdout).toContain('no verdict, because the examination was interrupted');
    expect(stdout).toMatch(/^ {2}4 KiB copied into 4 MiB +\d/m);
  });
});
