import { describe, expect, it } from '@jest/globals';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

const PROGRAM = new URL('./fixtures/dying-threads.js', import.meta.url);

/** What came of each trial of the program, once it has ended by itself. */
async function outcomes(when: string): Promise<unknown[]> {
  const { stdout, ...ending } = await runFixture(PROGRAM, { args: [when] });
  expect(ending).toEqual(CLEAN);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const balanced = { balanced: true };
const failed = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe('a host whose threads die', () => {
  it('during a trial: says so, and plays the next one', async () => {
    expect(await outcomes('during a trial')).toEqual([failed('ERR_WORKER_DIED', /CPU 1 exited/), balanced]);
  });

  it('between trials: plays the next one with others', async () => {
    expect(await outcomes('between trials')).toEqual([balanced, balanced]);
  });

  it('before their first trial: says why when that is played, and does not end the process', async () => {
    expect(await outcomes('before their first trial')).toEqual([failed('ERR_WORKER_DIED', /CPU 0 failed: .*9999/)]);
  });

  it('at a step that throws: hands the error on, and plays the next trial', async () => {
    expect(await outcomes('at a step that throws')).toEqual([failed('ERR_KERNEL_UNSUPPORTED', /./), balanced]);
  });

  it('at work in the background: says so, and plays the next one', async () => {
    expect(await outcomes('at work in the background')).toEqual([
      failed('ERR_WORKER_DIED', /background work exited/),
      balanced,
    ]);
  });

  it('before there was work in the background: plays the next ones with others', async () => {
    expect(await outcomes('before work in the background')).toEqual([balanced, balanced, balanced]);
  });

  it('while others work in the background: ends the trial for them, too', async () => {
    expect(await outcomes('while work in the background goes on')).toEqual([
      failed('ERR_WORKER_DIED', /CPU 1 exited/),
      balanced,
    ]);
  });

  it('because it is closed: the trial ends, and no other begins', async () => {
    expect(await outcomes('by close')).toEqual([
      failed('ERR_WORKER_DIED', /exited/),
      failed('ERR_REGION_CLOSED', /closed/),
    ]);
  });
});
