/**
 * The transmit path makes no objects. It does make boxed numbers, of sixteen bytes each, where a time in nanoseconds
 * crosses a call that the compiler does not inline. An object or a closure for each skb would show here.
 */

import { describe, expect, it } from '@jest/globals';
import { WAYS } from '../designs/fixtures/ways.js';
import { runFixture } from '../lifecycle/run-fixture.js';

const STEPS = new URL('./fixtures/heap-of-skbs.js', import.meta.url);
/** Bytes for an skb of 64 KiB that is made of four messages. */
const BOXED_NUMBERS = 10 * 16;
const NOTHING = 1;

describe('an skb', () => {
  const ways = WAYS.map(({ design, freeDispatch }) => [design, freeDispatch] as const);

  it.each(ways)(
    'of design %s, freed by %s, allocates no more than some numbers on the heap, and keeps nothing there',
    async (...args) => {
      const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];
      const { code, stdout, stderr } = await runFixture(STEPS, { flags, args });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { allocated, kept } = JSON.parse(stdout) as { allocated: number; kept: number };
      expect(allocated).toBeLessThan(BOXED_NUMBERS);
      expect(kept).toBeLessThan(NOTHING);
    },
  );
});
