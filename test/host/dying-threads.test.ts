import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = fileURLToPath(new URL('./fixtures/dying-threads.js', import.meta.url));
const NO_END_MS = 30_000;

/** What came of each round of the program, once it has ended by itself with exit code 0. */
async function outcomes(when: string): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, when], { timeout: NO_END_MS });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const balanced = { balanced: true };
const failed = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe('a host whose threads die', () => {
  it('during a round: says so, and plays the next one', async () => {
    expect(await outcomes('during a round')).toEqual([failed('ERR_WORKER_DIED', /CPU 1 exited/), balanced]);
  });

  it('between rounds: plays the next one with others', async () => {
    expect(await outcomes('between rounds')).toEqual([balanced, balanced]);
  });

  it('before their first round: says why when that is played, and does not end the process', async () => {
    expect(await outcomes('before their first round')).toEqual([failed('ERR_WORKER_DIED', /CPU 0 failed: .*9999/)]);
  });

  it('at a step that throws: hands the error on, and plays the next round', async () => {
    expect(await outcomes('at a step that throws')).toEqual([failed('ERR_KERNEL_UNSUPPORTED', /./), balanced]);
  });

  it('because it is closed: the round ends, and no other begins', async () => {
    expect(await outcomes('by close')).toEqual([
      failed('ERR_WORKER_DIED', /exited/),
      failed('ERR_REGION_CLOSED', /closed/),
    ]);
  });
});
