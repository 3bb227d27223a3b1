/**
 * A machine is built for every trial, in threads that stay. V8 makes objects of another shape from a literal with a
 * spread once that has run a few times. If objects on a hot path differ in shape from those of the machine before, the
 * engine discards its code in every trial, and in the end gives up on the shape: rates sink from trial to trial.
 */
import { describe, expect, it } from '@jest/globals';
import { runFixture } from '../lifecycle/run-fixture.js';

const MACHINES = new URL('./fixtures/many-machines.js', import.meta.url);
/** Deoptimizations that are fine in two dozen machines: code that meets a shape for the first time. */
const FIRST_MEETINGS = 6;

describe('the objects of machines', () => {
  it.each([
    ['direct', 'stream'],
    ['bounce', 'stream'],
    ['bounce-pages', 'stream'],
    ['bounce-pages', 'datagram'],
  ])('of design %s with traffic %s have the same shapes in every machine', async (...args) => {
    const { code, stdout } = await runFixture(MACHINES, { flags: ['--trace-deopt'], args });
    const lines = stdout.split('\n').filter((line) => line.includes('wrong map'));
    const functions = lines.map((line) => /<JSFunction ([^ >]*)/.exec(line)?.[1] ?? line);
    expect(code).toBe(0);
    expect(stdout).toContain('reason:'); // otherwise the engine words it differently, and this test would see nothing
    expect(functions.slice(FIRST_MEETINGS)).toEqual([]);
  });
});
