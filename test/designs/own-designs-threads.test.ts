import { afterAll, describe, expect, it } from '@jest/globals';
import { type DesignName, ThreadedMachine } from '../../lib/index.js';
import { smallConfig } from '../machine/fixtures/small-system.js';
import { FAILING, INCOMPLETE } from './fixtures/failing-designs.js';

const machine = new ThreadedMachine([]);
afterAll(() => machine.close());

const PLAN = { warmupMs: 0, measureMs: 5 };
const run = (design: DesignName) => machine.run(smallConfig({ design, cpus: { count: 2 } }), PLAN);
const rejected = (message: RegExp) =>
  expect.objectContaining({ name: 'CopytaxError', code: 'ERR_DESIGN', message: expect.stringMatching(message) });

describe('a machine on threads', () => {
  it.each(Object.entries(FAILING))('rejects when a design fails %s, and plays the next one', async (_where, design) => {
    const message = new RegExp(`^the design '${design}' of failing-designs\\.js failed: RangeError: on purpose`);
    await expect(run(design)).rejects.toEqual(rejected(message));
    await expect(run('bounce')).resolves.toMatchObject({ mapFailures: 0 });
  });

  it('rejects when the parts of a design are incomplete, and names what is missing', async () => {
    const message =
      /^the design 'lacks-a-lifetime': lifetime of what partsOf\(\) returns must be an object, not undefined/;
    await expect(run(INCOMPLETE)).rejects.toEqual(rejected(message));
  });
});
