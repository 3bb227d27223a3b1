import { afterAll, describe, expect, it } from '@jest/globals';
import { type DesignName, ThreadedMachine } from '../../lib/index.js';
import { smallConfig } from '../machine/fixtures/small-system.js';
import { FAILING, INCOMPLETE } from './fixtures/failing-designs.js';

const machine = new ThreadedMachine([]);
afterAll(() => machine.close());

/** Longer than a busy host takes to let every thread work; a failure ends the trial at once. */
const LONG_MS = 30_000;
const run = (design: DesignName, measureMs = 5) =>
  machine.run(smallConfig({ design, cpus: { count: 2 } }), { warmupMs: 0, measureMs });
const rejected = (message: RegExp) =>
  expect.objectContaining({ name: 'CopytaxError', code: 'ERR_DESIGN', message: expect.stringMatching(message) });

describe('a machine on threads', () => {
  it.each(Object.entries(FAILING))('rejects when a design fails %s, and plays the next one', async (where, design) => {
    const message = new RegExp(`^the design '${design}' of failing-designs\\.js failed: RangeError: on purpose`);
    await expect(run(design, where === 'when it is closed' ? 5 : LONG_MS)).rejects.toEqual(rejected(message));
    await expect(run('bounce')).resolves.toMatchObject({ mapFailures: 0 });
  });

  it('rejects when the parts of a design are incomplete, and names what is missing', async () => {
    const message =
      /^the design 'lacks-a-lifetime': lifetime of what partsOf\(\) returns must be an object, not undefined/;
    await expect(run(INCOMPLETE)).rejects.toEqual(rejected(message));
  });
});
