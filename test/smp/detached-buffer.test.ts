import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const MODULE = fileURLToPath(new URL('../../lib/smp/detached-buffer.js', import.meta.url));

/** Returns how many functions the engine throws away when a buffer is detached after a loop over an array was compiled. */
function thrownAway(isDetachedBefore: boolean): number {
  const program = `
    const { detachBuffer } = await import(${JSON.stringify(MODULE)});
    if (${isDetachedBefore}) detachBuffer();
    const words = new Int32Array(1024);
    function sum() {
      let total = 0;
      for (let at = 0; at < words.length; at++) total += words[at];
      return total;
    }
    for (let round = 0; round < 20_000; round++) sum();
    console.log('compiled');
    detachBuffer();
    for (let round = 0; round < 10; round++) sum();`;
  const args = ['--trace-deopt', '--no-concurrent-recompilation', '--input-type=module', '-e', program];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const [before, after] = stdout.split('compiled\n');
  expect(before).toBeDefined();
  return after!.split('\n').filter((line) => line.includes('code dependencies')).length;
}

describe('detachBuffer', () => {
  it('makes that a buffer which is detached later throws no compiled code away', () => {
    expect(thrownAway(false)).toBeGreaterThan(0);
    expect(thrownAway(true)).toBe(0);
  });
});
