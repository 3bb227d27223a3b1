import { describe, expect, it } from '@jest/globals';
import { CLEAN, lifecycle } from './run-fixture.js';

const LIMIT_MS = 200_000;

/** A tenth of what scripts/lifecycles.sh does in CI. The fixture holds the limits. */
describe('opening and closing regions for ever', () => {
  it.each([
    ['without a turn of the event loop', 'loop', 10_000],
    ['with turns of the event loop', 'turns', 10_000],
    ['in workers that close them, leave them open or are terminated', 'workers', 100],
  ])(
    'leaves no memory, no locks, no address space and no mappings behind: %s',
    async (_, how, times) => {
      const args = [how, String(times)];
      expect(await lifecycle('churn', { flags: ['--expose-gc'], args, limitMs: LIMIT_MS })).toMatchObject(CLEAN);
    },
    LIMIT_MS + 10_000,
  );
});
