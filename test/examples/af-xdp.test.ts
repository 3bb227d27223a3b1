import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('../../../examples/af-xdp/run.js', import.meta.url));

describe('examples/af-xdp', () => {
  it('sends frames out of slots, or says why it cannot', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    if (stdout.startsWith('not here: ')) console.warn(`SKIPPED frames out of slots: ${stdout}`);
    expect(stdout).toMatch(/^(not here: .+|1000 frames left out of slots, of which 0 bytes are in use at the end)\n/);
  });

  it('says what is missing for an interface that is not there', () => {
    const { stderr, status } = spawnSync(process.execPath, [program, 'no-such-link'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/no-such-link.*; name an interface that `ip link` lists/);
  });
});
