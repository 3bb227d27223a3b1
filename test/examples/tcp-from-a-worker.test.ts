import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('../../../examples/tcp-from-a-worker/run.js', import.meta.url));

describe('examples/tcp-from-a-worker', () => {
  it('delivers the region, byte by byte', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({
      stdout: '8388608 bytes arrived, each as it was sent\n',
      stderr: '',
      status: 0,
    });
  });
});
