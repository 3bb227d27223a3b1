import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentPulse } from '../../lib/memory/recent-pulse.js';

/** Pulses that take `takesMs` each and are numbered from 1, on a clock that only they and the test move. */
function scripted(takesMs: number, freshMs: number) {
  const clock = { ms: 1000, pulses: 0 };
  const pulse = () => {
    clock.ms += takesMs;
    return ++clock.pulses;
  };
  return { clock, recent: new RecentPulse(pulse, freshMs, () => clock.ms) };
}

describe('a recent pulse', () => {
  it('is taken when it is read first, and again when it is no longer fresh', () => {
    const { clock, recent } = scripted(0.01, 2);
    const read = [0, 1.9, 0, 0.2, 1, 5].map((ms) => {
      clock.ms += ms;
      return recent.read();
    });
    expect(read).toEqual([1, 1, 1, 2, 2, 3]);
  });

  it('takes at most one percent of the time when it is fresh for a hundred times as long as it takes', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, (between) => {
        const { clock, recent } = scripted(0.02, 2);
        for (const ms of between) {
          recent.read();
          clock.ms += ms;
        }
        // The first one is for the time before, which is not counted here.
        expect((clock.pulses - 1) * 0.02).toBeLessThanOrEqual(0.01 * (clock.ms - 1000));
      }),
    );
  });

  it('is not remembered when it could not be taken', () => {
    let fails = true;
    const recent = new RecentPulse(() => {
      if (fails) throw new Error('no such CPU');
      return 0.3;
    });
    expect(() => recent.read()).toThrow('no such CPU');
    fails = false;
    expect(recent.read()).toBe(0.3);
  });

  it('is one of this thread unless another source is given', () => {
    const recent = new RecentPulse();
    expect(recent.read()).toBeGreaterThan(0.1);
  });
});
