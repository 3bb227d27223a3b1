import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { ENGINE_FLAGS } from '../../../lib/bench/host/engine-flags.js';

const FILE = new URL('../../../lib/bench/host/engine-flags.js', import.meta.url).href;

describe('the flags of the engine', () => {
  it('are known to the engine, which complains about unknown ones', () => {
    const script = `import { setEngineFlags } from ${JSON.stringify(FILE)}; setEngineFlags();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('are accepted on the command line, where an unknown one ends the process', () => {
    expect(spawnSync(process.execPath, [...ENGINE_FLAGS, '-e', '0']).status).toBe(0);
  });
});
