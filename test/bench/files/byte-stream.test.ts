import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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
  it('knows the standard output by its names, and no device that is there for all', () => {
    const [nothing, folder] = [statSync('/dev/null'), statSync('.')];
    expect(isStdout('/dev/stdout', nothing)).toBe(true);
    expect(isStdout('/dev/fd/1', nothing)).toBe(true);
    expect(isStdout('/dev/null', nothing)).toBe(false);
    expect(isStdout('.', folder)).toBe(false);
  });
});
