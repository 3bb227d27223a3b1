/**
 * A machine is built for every trial, in threads that stay. Objects on its hot paths whose shape differs from those of
 * the machine before, as V8 makes them of a literal with a spread in it once that has run a few times, make the engine
 * throw its code away in every trial, and in the end give up on knowing the shape: rates sink from trial to trial.
 */
import { describe, expect, it } from '@jest/globals';
import { runFixture } from '../lifecycle/run-fixture.js';

const MACHINES = new URL('./fixtures/many-machines.js', import.meta.url);
/** Of two dozen machines: a few times code meets a shape for the first time. */
const FIRST_MEETINGS = 6;

describe('the objects of a machine', () => {
  it.each([
    ['direct', 'stream'],
    ['bounce', 'stream'],
    ['bounce-pages', 'stream'],
    ['bounce-pages', 'datagram'],
  ])('of design %s, traffic %s, have the shapes of those before them', async (...args) => {
    const { code, stdout } = await runFixture(MACHINES, { flags: ['--trace-deopt'], args });
    const lines = stdout.split('\n').filter((line) => line.includes('wrong map'));
    const functions = lines.map((line) => /<JSFunction ([^ >]*)/.exec(line)?.[1] ?? line);
    expect(code).toBe(0);
    expect(stdout).toContain('reason:'); // or the engine says it in other words, and this test sees nothing
    expect(functions.slice(FIRST_MEETINGS)).toEqual([]);
  });
});
