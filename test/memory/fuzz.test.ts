import { describe, expect, it } from '@jest/globals';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

/** To repeat a failure: COPYTAX_FUZZ_SEED, from the message. */
const seed = process.env.COPYTAX_FUZZ_SEED ?? String(Math.trunc(Math.random() * 2 ** 31));

describe('every export of the addon', () => {
  it(`returns or throws a typed error for any arguments, and never ends the process (seed ${seed})`, async () => {
    const ending = await runFixture(new URL('fixtures/fuzz-addon.js', import.meta.url), {
      args: [seed],
      flags: ['--expose-gc'],
    });
    expect({ ...ending, seed }).toMatchObject({ ...CLEAN, stdout: expect.stringMatching(/^\d+ calls$/m) });
  });
});
