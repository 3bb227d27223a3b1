/** Runs the built command as a user does, on a simulated Linux. No test here depends on a speed. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { WatchSample } from '../../../lib/watch/watcher.js';
import { bounceLine } from '../../support/bounce-lines.js';
import { fakeHost } from '../../support/fake-host.js';
import { TRACING } from '../../support/fake-tracing-files.js';
import { onFakeHost, tracingSettings } from '../../support/on-fake-host.js';

const EVENTS = [bounceLine('0000:00:01.0', 1500), bounceLine('0000:00:01.0', 500)];
const instances = (root: string) => readdirSync(join(root, TRACING, 'instances'));

/** Does something once, as soon as a first line of a sample is there. */
function atFirstSample(act: (child: ChildProcess) => void): (child: ChildProcess, said: string) => void {
  let isDone = false;
  return (child, said) => {
    if (isDone || !/^\d{4}-.*\n/m.test(said)) return;
    isDone = true;
    act(child);
  };
}

describe('copytax watch', () => {
  it('prints a line for each interval where stdout is no terminal, and leaves no trace', async () => {
    const root = fakeHost({ events: EVENTS });
    const before = tracingSettings(root);
    const { code, stdout, stderr } = await onFakeHost(root, ['watch', '--count', '2', '--interval', '20ms']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const line =
      /^\d{4}-\S+Z; default 481\/32768 slots \(1\.5 %\) high-water 852 transient unknown; 0000:00:01\.0 \S+ \w?B\/s \d+ attempts\/s$/;
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^# \S+Z; transient of default is unknown: this Linux has none /),
      ...Array(2).fill(expect.stringMatching(line)),
    ]);
    expect(tracingSettings(root)).toBe(before);
  });

  it('prints JSON with everything that was bounced, and null for what is unknown', async () => {
    const root = fakeHost({ events: EVENTS, debugfs: { io_tlb_nslabs: '32768', io_tlb_used: '18446744073709551615' } });
    const { code, stdout } = await onFakeHost(root, ['watch', '--count', '3', '--interval', '20ms', '--json']);
    const samples = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as WatchSample);
    expect([code, samples.length]).toEqual([0, 3]);
    expect(samples[0]!.pools).toMatchObject([{ pool: '', slots: 32768, used: null, highWater: null, transient: null }]);
    const sums = samples.flatMap(({ devices }) => devices ?? []);
    expect(sums.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2000);
    expect(sums.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(2);
  });

  it('shows pools alone where events are hidden, and says once what is missing', async () => {
    const root = fakeHost({ tracefs: false });
    const { code, stdout, stderr } = await onFakeHost(root, ['watch', '--count', '2', '--interval', '20ms']);
    const lines = stdout.trimEnd().split('\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.filter((line) => line.endsWith('; bounced unknown')).length).toBe(2);
    expect(lines.filter((line) => /^# .*; events are not shown, .*mount -t tracefs/.test(line)).length).toBe(1);
  });

  it('names in one line everything that is missing, and what grants it, where nothing is shown', async () => {
    const root = fakeHost({ debugfs: null, tracefs: false });
    const { code, stdout, stderr } = await onFakeHost(root, ['watch']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_TRACING: occupancy is not shown, .*; events are not shown, .*\n$/);
  });

  it('refuses a root that is none, before anything else', async () => {
    const { code, stderr } = await onFakeHost(join(fakeHost(), 'nowhere'), ['watch', '--count', '1']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^copytax: ERR_USAGE: --root \S+nowhere: there is no such folder\. Name the folder .*\n$/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('ends at %s, and leaves no trace', async (signal, expected) => {
    const root = fakeHost({ events: EVENTS });
    const before = tracingSettings(root);
    const onText = atFirstSample((child) => child.kill(signal));
    const { code, stderr } = await onFakeHost(root, ['watch', '--interval', '50ms'], onText);
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
    expect(tracingSettings(root)).toBe(before);
  });

  it('ends when the reader of its output does, without an error', async () => {
    const root = fakeHost();
    const onText = atFirstSample((child) => child.stdout!.destroy());
    const { code, stderr } = await onFakeHost(root, ['watch', '--interval', '20ms'], onText);
    expect({ code, stderr, left: instances(root) }).toEqual({ code: 0, stderr: '', left: [] });
  });

  it('removes what one that was killed has left, and says so', async () => {
    const root = fakeHost();
    const onText = atFirstSample((child) => child.kill('SIGKILL'));
    const { signal } = await onFakeHost(root, ['watch', '--interval', '20ms'], onText);
    const [left] = instances(root);
    expect([signal, left]).toEqual(['SIGKILL', expect.stringMatching(/^copytax-\d+-\d+$/)]);
    const { code, stderr } = await onFakeHost(root, ['watch', '--interval', '20ms', '--count', '1']);
    expect({ code, after: instances(root) }).toEqual({ code: 0, after: [] });
    expect(stderr).toContain(`removed ${TRACING}/instances/${left}, which a process that was killed had left`);
  });

  it.each([
    [['--json', '--plain'], '--json and --plain contradict each other'],
    [['--interval', '0'], '--interval 0 is out of range'],
    [['--interval', 'often'], "--interval 'often' is not a time"],
    [['--count', '0'], '--count 0 is out of range'],
  ])('refuses %j', async (args, message) => {
    const root = fakeHost();
    const { code, stderr } = await onFakeHost(root, ['watch', ...args]);
    expect({ code, left: instances(root) }).toEqual({ code: 2, left: [] });
    expect(stderr).toContain(`ERR_USAGE: ${message}`);
  });
});
