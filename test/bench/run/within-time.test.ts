import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { withinTime } from '../../../lib/bench/run/within-time.js';

const LONG = 1e8;
const never = new Promise<never>(() => {});
/** Number of timers that keep the process alive. */
const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('withinTime', () => {
  it('settles as the work does, and leaves no timer that keeps the process', async () => {
    const before = timers();
    await expect(withinTime(setImmediate(7), LONG, 'it')).resolves.toBe(7);
    const error = new Error('of the work');
    await expect(withinTime(Promise.reject(error), LONG, 'it')).rejects.toBe(error);
    expect(timers()).toBeLessThanOrEqual(before); // timers of other code may have ended
  });

  it('rejects if the work takes longer, naming it and the limit', async () => {
    await expect(withinTime(never, 20, 'the thread')).rejects.toMatchObject({
      code: 'ERR_TIMED_OUT',
      message: 'the thread did not end within 0.02 s',
      details: { what: 'the thread', limitMs: 20 },
    });
  });

  it('ends the message with what may be the reason', async () => {
    const message = 'the thread did not end within 0.02 s: it may be in a loop';
    await expect(withinTime(never, 20, 'the thread', 'it may be in a loop')).rejects.toMatchObject({ message });
  });

  it('ignores work that fails after that', async () => {
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(withinTime(work, 1, 'it')).rejects.toMatchObject({ code: 'ERR_TIMED_OUT' });
    fail(new Error('late'));
    await setImmediate(); // an unhandled rejection would end the test run
  });

  it('counts the time in which the process ran: of a tick that comes late no more than a second', async () => {
    jest.useFakeTimers();
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      let end: unknown = null;
      withinTime(never, 2000, 'it').catch((error: unknown) => {
        end = error;
      });
      const tick = async (ms: number) => {
        now += ms;
        await jest.advanceTimersByTimeAsync(100);
        return end !== null;
      };
      expect(await tick(60_000)).toBe(false); // one second of it counts
      for (let ticks = 1; ticks < 10; ticks++) expect(await tick(100)).toBe(false);
      expect(await tick(100)).toBe(true);
      expect(end).toMatchObject({ code: 'ERR_TIMED_OUT' });
    } finally {
      clock.mockRestore();
      jest.useRealTimers();
    }
  });
});
