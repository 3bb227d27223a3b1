import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { argumentsOf, exists, runFinder } from '../../../dev/mutate/finder.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const signal = new AbortController().signal;

describe('argumentsOf()', () => {
  it('returns what runs compiled tests with Jest, and seeds with the explorer', () => {
    expect(argumentsOf('test/net/skb.test.ts').at(-1)).toBe('dist/test/net/skb.test.js');
    expect(argumentsOf('test/net').at(-1)).toBe('dist/test/net');
    expect(argumentsOf('explore 7')).toEqual(['dist/dev/main.js', 'explore', '--seeds', '7']);
  });
});

describe('exists()', () => {
  it('is true of tests that are there, and of the explorer', () => {
    expect(['test/net', 'test/none', 'explore 7'].map((finder) => exists(ROOT, finder))).toEqual([true, false, true]);
  });
});

describe('runFinder()', () => {
  let folder: string;

  /** A built folder whose explorer is this program. */
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'copytax-finder-'));
    mkdirSync(join(folder, 'dist/dev'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const ending = (program: string, limitMs?: number) => {
    writeFileSync(join(folder, 'dist/dev/main.js'), program);
    return runFinder(folder, 'explore 1', signal, limitMs);
  };

  it('tells whether the finder failed', async () => {
    expect([await ending(''), await ending('process.exit(1)')]).toEqual(['passed', 'failed']);
  });

  it('ends a finder that does not end in time', async () => {
    expect(await ending('setInterval(() => {}, 1000)', 500)).toBe('hung');
  });

  it('ends the finder when the signal is aborted, also before the start', async () => {
    writeFileSync(join(folder, 'dist/dev/main.js'), 'setInterval(() => {}, 1000)');
    const abort = new AbortController();
    const running = runFinder(folder, 'explore 1', abort.signal);
    abort.abort();
    expect(await running).toBe('failed');
    expect(await runFinder(folder, 'explore 1', abort.signal)).toBe('failed');
  });
});
