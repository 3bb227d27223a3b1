/** The commands on the tracefs of this host. It may have no slot pool, so events of swiotlb are not counted on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from '@jest/globals';
import { readCapture } from '../../lib/capture/capture-reader.js';
import { scratchFolder } from '../scratch.js';
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

  itOnTracefs('capture writes what the ring has, and leaves no setting behind', async () => {
    const before = settings();
    const file = join(scratchFolder(), 'c.trace.gz');
    const { code, left, stdout } = await onTracefs(['capture', '-o', file, '--time', '1000s'], (pid) => {
      const mark = `cd instances/copytax-${pid}-* && grep -q 1 tracing_on && echo a mark > trace_marker`;
      for (let tries = 0; tries < 500 && inTracefs(mark) === null; tries++);
      process.kill(pid, 'SIGINT');
    });
    expect({ code, left, settings: settings() }).toEqual({ code: 130, left: '', settings: before });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(text).toMatch(/^# tracer: nop\n/);
    expect(text).toMatch(/tracing_mark_write: a mark\n/);
    const { unparsedLines, lostEvents } = await readCapture(file, () => {});
    expect({ unparsedLines, lostEvents }).toEqual({ unparsedLines: 0, lostEvents: 0 });
    expect(stdout).toContain(`${file}: `);
  });

  itOnTracefs.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'capture that %s ends leaves nothing, or is cleaned up by the next',
    async (signal) => {
      const before = settings();
      const words = ['capture', '--time', '1000s', '-o', join(scratchFolder(), 'c.trace')];
      const stopped = await onTracefs(words, (pid) => process.kill(pid, signal));
      if (signal !== 'SIGKILL') expect([stopped.code, stopped.left]).toEqual([signal === 'SIGINT' ? 130 : 143, '']);
      else {
        const next = await onTracefs([...words.with(2, '20ms')]);
        expect([stopped.signal, next.code, next.left]).toEqual(['SIGKILL', 0, '']);
        expect(inTracefs(`ls instances | grep ${stopped.left!.trim()} || true`)).toBe('');
      }
      expect(settings()).toBe(before);
    },
  );
});
