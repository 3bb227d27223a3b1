import { describe, expect, it } from '@jest/globals';
import { CLEAN, lifecycle } from './run-fixture.js';

/** To repeat a failure: COPYTAX_FUZZ_SEED, from the message. scripts/lifecycles.sh plays 10,000 in CI. */
const seed = process.env.COPYTAX_FUZZ_SEED ?? String(Math.trunc(Math.random() * 2 ** 31));
const LIMIT_MS = 200_000;

describe('300 lives of regions in random order', () => {
  it(
    `cause no fault, and show no byte of another region (seed ${seed})`,
    async () => {
      const args = [seed, '300'];
      const { stdout, ...ending } = await lifecycle('fuzz-lifecycles', {
        flags: ['--expose-gc'],
        args,
        limitMs: LIMIT_MS,
      });
      expect({ ...ending, seed }).toMatchObject(CLEAN);
      expect(JSON.parse(stdout)).toMatchObject({ sequences: 300, send: expect.any(Number), visit: expect.any(Number) });
    },
    LIMIT_MS + 10_000,
  );
});
