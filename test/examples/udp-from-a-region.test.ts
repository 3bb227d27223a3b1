import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('examples/udp-from-a-region', () => {
  it('sends a thousand datagrams and ends when the last buffer is back', () => {
    const args = ['examples/udp-from-a-region/run.js'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^1000 sent from (un)?locked memory\n$/);
  });
});
