/** Node's permissions: `--permission`, which Node 20 calls `--experimental-permission`. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { copytax } from '../support/run-copytax.js';

const FLAG = ['--permission', '--experimental-permission'].find(
  (flag) => spawnSync(process.execPath, [flag, '--allow-fs-read=*', '-e', '']).status === 0,
);
if (FLAG === undefined) console.warn('SKIPPED: this Node has no permissions');
const itPermitted = FLAG === undefined ? it.skip : it;

const allowing = (...names: string[]) => [FLAG!, '--allow-fs-read=*', ...names.map((name) => `--allow-${name}`)];
const TX = ['bench', '--quick', '--rounds', '1', '--only', 'tx-designs', '--messages', '64K'];

describe('under --permission', () => {
  itPermitted('`copytax machine` runs, without the addon as well', async () => {
    for (const flags of [allowing(), allowing('addons')]) {
      const { code, stdout, stderr } = await copytax(['machine'], { flags });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('This program');
    }
  });

  itPermitted.each([
    ['addons', allowing('worker'), TX, /ERR_ADDON_DISABLED: .*--allow-addons/],
    ['workers', allowing('addons'), TX, /ERR_NO_THREAD: .* Start Node with --allow-worker, or without --permission\./],
    ['processes', allowing('addons', 'worker'), [...TX, '--runs', '2'], /ERR_ACCESS_DENIED: .*--allow-child-process/],
    ['written files', allowing('addons'), [...TX, '--json', '/tmp/x.json'], /ERR_[A-Z_]+: .*(--allow-fs-write)/],
  ])('a run without %s is refused in one line, with the option', async (_what, flags, args, line) => {
    const { code, stderr } = await copytax(args, { flags });
    expect(code).not.toBe(0);
    expect(stderr.split('\n').find((text) => /^copytax: ERR/.test(text))).toMatch(line);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  itPermitted('a run with addons and threads measures, and says that it may not start git', async () => {
    const { code, stdout, stderr } = await copytax(['bench', '--quick', '--rounds', '1', '--only', 'control-cost'], {
      flags: allowing('addons', 'worker'),
    });
    expect(stderr).not.toMatch(/ERR_/);
    expect(code).toBe(0);
    expect(stdout).toContain('control-cost');
  });
});
