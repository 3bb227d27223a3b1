import { describe, expect, it } from '@jest/globals';
import { HEADWAY_WORDS, Headway } from '../../../dev/schedule/stall-detector.js';

const BOTH = 0b11;
const begun = () => new Headway(new Int32Array(HEADWAY_WORDS));
const wait = (headway: Headway, thread: number, times: number) => {
  for (let i = 0; i < times; i++) headway.waited(thread, BOTH);
};

describe('headway', () => {
  it('is missed when all have waited for long, unless something was done', () => {
    const stalled = begun();
    wait(stalled, 0, 600);
    expect(() => wait(stalled, 1, 30_000)).toThrow(expect.objectContaining({ code: 'ERR_STALLED' }));
    const alive = begun();
    wait(alive, 0, 600);
    wait(alive, 1, 19_000);
    expect(alive.waits).toBe(19_600);
    alive.done();
    expect(alive.waits).toBe(0);
    expect(() => wait(alive, 1, 19_000)).not.toThrow();
  });

  it('is not missed while one that may be in the middle of something has hardly had a turn', () => {
    const headway = begun();
    wait(headway, 0, 100);
    expect(() => wait(headway, 1, 50_000)).not.toThrow();
  });

  it('tells when nobody is within a step, and whether enough was done since', () => {
    const headway = begun();
    headway.enterStep();
    headway.enterStep();
    expect([headway.leaveStep(), headway.leaveStep()]).toEqual([false, true]);
    headway.done();
    expect([headway.hasChanged(2), headway.hasChanged(1), headway.hasChanged(1)]).toEqual([false, true, false]);
  });
});
