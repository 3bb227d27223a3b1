import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isStdout, openByteStream, writeByteStream } from '../../../lib/bench/files/byte-stream.js';
import { scratchFolder } from '../../scratch.js';

/** More than a pipe holds. */
const LONG = 'x'.repeat(1 << 20);

function fifo(): string {
  const path = join(scratchFolder(), 'fifo');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

/** Starts a program that counts what comes out of the pipe. */
function readerOf(path: string): Promise<string> {
  const child = spawn('wc', ['-c', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk));
  return once(child, 'close').then(() => said.trim().split(' ')[0]!);
}

/** Opens the pipe when it has its reader, which has to start. */
async function opened(path: string): Promise<number> {
  for (;;) {
    try {
      return openByteStream(path);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a pipe', () => {
  it('without a reader is refused at once', () => {
    expect(() => openByteStream(fifo())).toThrow(expect.objectContaining({ code: 'ENXIO' }));
  });

  it('gets all of a text that is longer than a pipe holds', async () => {
    const path = fifo();
    const read = readerOf(path);
    const file = await opened(path);
    writeByteStream(file, LONG, 20_000);
    closeSync(file);
    expect(await read).toBe(String(LONG.length));
  });

  it('whose reader takes its time gets all of it, as long as it takes something now and then', () => {
    const path = fifo();
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const file = openByteStream(path);
    const taken = Buffer.alloc(2 * LONG.length);
    let [now, bytes] = [0, 0];
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    jest.spyOn(Atomics, 'wait').mockImplementation((() => {
      now += 900;
      bytes += readSync(reader, taken, bytes, 1 << 16, null);
      return 'timed-out';
    }) as unknown as typeof Atomics.wait);
    writeByteStream(file, LONG, 1000);
    closeSync(file);
    while (bytes < taken.length) {
      const more = readSync(reader, taken, bytes, taken.length - bytes, null);
      if (more === 0) break;
      bytes += more;
    }
    closeSync(reader);
    expect({ bytes, waits: now > 2000 }).toEqual({ bytes: LONG.length, waits: true });
  });

  it('whose reader takes nothing does not hold the writer for ever', () => {
    const path = fifo();
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const file = openByteStream(path);
    expect(() => writeByteStream(file, LONG, 20)).toThrow(expect.objectContaining({ code: 'ETIMEDOUT' }));
    closeSync(reader);
    expect(() => writeByteStream(file, LONG, 20)).toThrow(expect.objectContaining({ code: 'EPIPE' }));
    closeSync(file);
  });
});

describe('isStdout', () => {
  /** Resolves to what a program says on stderr whose standard output is `file`; `path` is a name of that. */
  function saidWith(file: number, path: string, expression: string): unknown {
    const module = new URL('../../../lib/bench/files/byte-stream.js', import.meta.url).href;
    const program = `
      const { isStdout, openByteStream } = await import(${JSON.stringify(module)});
      const { statSync } = await import('node:fs');
      const path = ${JSON.stringify(path)};
      process.stderr.write(JSON.stringify(${expression}));`;
    const stdio = ['ignore', file, 'pipe'] as const;
    const arguments_ = ['--no-warnings', '--input-type=module', '-e', program];
    const { stderr } = spawnSync(process.execPath, arguments_, { stdio: [...stdio], encoding: 'utf8' });
    closeSync(file);
    return JSON.parse(stderr);
  }

  it('knows a file that is the standard output by its number on its disk, and opens it no second time', () => {
    const path = join(scratchFolder(), 'out');
    const facts = 'statSync(path)';
    const elsewhere = `Object.assign(${facts}, { dev: ${facts}.dev + 1 })`;
    const asked = `[isStdout(path, ${facts}), isStdout(path, ${elsewhere}), openByteStream(path)]`;
    expect(saidWith(openSync(path, 'w'), path, asked)).toEqual([true, false, 1]);
  });

  it('is no device that is there for all, also where that is the standard output', () => {
    const asked = '[isStdout(path, statSync(path)), openByteStream(path) > 1]';
    expect(saidWith(openSync('/dev/null', 'w'), '/dev/null', asked)).toEqual([false, true]);
  });

  it('is a pipe with a name, which is opened anew so that writing to it does not wait', () => {
    const path = fifo();
    const asked = '[isStdout(path, statSync(path)), openByteStream(path) > 1]';
    expect(saidWith(openSync(path, constants.O_RDWR), path, asked)).toEqual([true, true]);
  });

  it('knows the standard output by its names, and no device that is there for all', () => {
    const [nothing, folder] = [statSync('/dev/null'), statSync('.')];
    expect(isStdout('/dev/stdout', nothing)).toBe(true);
    expect(isStdout('/dev/fd/1', nothing)).toBe(true);
    expect(isStdout('/dev/null', nothing)).toBe(false);
    expect(isStdout('.', folder)).toBe(false);
  });
});
