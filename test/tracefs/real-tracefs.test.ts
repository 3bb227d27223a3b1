/** The commands on the tracefs of this host. It may have no slot pool, so events of swiotlb are not counted on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect } from '@jest/globals';
import { inTracefs, itOnTracefs, WITH_TRACEFS } from '../support/real-tracefs.js';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

/** Settings that others may rely on. */
const settings = () =>
  inTracefs(
    'for f in tracing_on buffer_size_kb trace_options trace_clock set_event kprobe_events; do cat $f; done; true',
  );

/** Runs a command on the real tracefs. `act`: what is done with its PID once it has an instance. */
async function onTracefs(args: readonly string[], act: (pid: number) => void = () => {}) {
  const [program, ...words] = [...WITH_TRACEFS, process.execPath, MAIN, ...args];
  const child = spawn(program!, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const exited = once(child, 'exit').then(() => true);
  const isMade = () => inTracefs(`ls -d instances/copytax-${child.pid}-*`) !== null;
  while (!isMade() && !(await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 20))])));
  act(child.pid!);
  const [code, signal] = await ended;
  return { code, signal, left: inTracefs(`ls instances | grep copytax-${child.pid}- || true`), ...output };
}

describe('on the tracefs of this host', () => {
  itOnTracefs('watch shows what it can, in an instance that is gone afterwards', async () => {
    const before = settings();
    const { code, left, stdout } = await onTracefs(['watch', '--count', '2', '--interval', '200ms', '--json']);
    expect({ code, left, settings: settings() }).toEqual({ code: 0, left: '', settings: before });
    const samples = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(samples).toHaveLength(2);
    for (const { devices, lostEvents, unparsedLines } of samples)
      expect({ devices, lostEvents, unparsedLines }).toEqual({
        devices: expect.any(Array),
        lostEvents: 0,
        unparsedLines: 0,
      });
  });

  itOnTracefs.each(['SIGINT', 'SIGTERM'] as const)('watch ends at %s, and its instance with it', async (signal) => {
    const before = settings();
    const { code, left } = await onTracefs(['watch'], (pid) => process.kill(pid, signal));
    expect({ code, left, settings: settings() }).toEqual({
      code: signal === 'SIGINT' ? 130 : 143,
      left: '',
      settings: before,
    });
  });

  itOnTracefs('watch removes what one that was killed has left', async () => {
    const killed = await onTracefs(['watch'], (pid) => process.kill(pid, 'SIGKILL'));
    expect([killed.signal, killed.left]).toEqual(['SIGKILL', expect.stringMatching(/^copytax-\d+-\d+\n$/)]);
    const { code, left, stderr } = await onTracefs(['watch', '--count', '1', '--interval', '20ms']);
    expect({ code, left }).toEqual({ code: 0, left: '' });
    expect(stderr).toContain(`instances/${killed.left!.trim()}, which a process that was killed had left`);
    expect(inTracefs(`ls instances | grep ${killed.left!.trim()} || true`)).toBe('');
  });
});
