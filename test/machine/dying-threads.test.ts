import { describe, expect, it } from '@jest/globals';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

const PROGRAM = new URL('./fixtures/dying-threads.js', import.meta.url);

/** How each trial of the program ended, once the program has ended by itself. */
async function endings(when: string): Promise<unknown[]> {
  const { stdout, ...exit } = await runFixture(PROGRAM, { args: [when] });
  expect(exit).toEqual(CLEAN);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const balanced = { balanced: true };
const failed = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe('ThreadedMachine, when a thread dies', () => {
  it('during a trial, says so, and plays the next one', async () => {
    expect(await endings('during a trial')).toEqual([failed('ERR_WORKER_DIED', /CPU 1 exited/), balanced]);
  });

  it('between trials, plays the next one with new threads', async () => {
    expect(await endings('between trials')).toEqual([balanced, balanced]);
  });

  it('before its first trial, says why when that is played, and does not end the process', async () => {
    expect(await endings('before their first trial')).toEqual([failed('ERR_CPU_PIN', /8191/)]);
  });

  it('at a step that throws, rejects with the error, and plays the next trial', async () => {
    expect(await endings('at a step that throws')).toEqual([failed('ERR_KERNEL_UNSUPPORTED', /./), balanced]);
  });

  it('at work in the background, says so, and plays the next trial', async () => {
    expect(await endings('at work in the background')).toEqual([
      failed('ERR_WORKER_DIED', /background work exited/),
      balanced,
    ]);
  });

  it('before there was work in the background, plays the next trials with new threads', async () => {
    expect(await endings('before work in the background')).toEqual([balanced, balanced, balanced]);
  });

  it('while another works in the background, ends the trial for that one as well', async () => {
    expect(await endings('while work in the background goes on')).toEqual([
      failed('ERR_WORKER_DIED', /CPU 1 exited/),
      balanced,
    ]);
  });

  it('because the machine is closed, ends the trial and begins no other', async () => {
    expect(await endings('by close')).toEqual([
      failed('ERR_REGION_CLOSED', /closed during this trial/),
      failed('ERR_REGION_CLOSED', /the machine is closed/),
    ]);
  });
});
