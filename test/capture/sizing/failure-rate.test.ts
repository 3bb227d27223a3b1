import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failureRate, poissonLimits } from '../../../lib/capture/sizing/failure-rate.js';

const pass = (attempts: number, failures: number, bursts: number) => ({
  attempts,
  failures,
  bursts,
  failingNs: 0,
  mostUsed: 0,
  mostPageSlots: 0,
});

/** Probability of at most `count` events of a mean of `mean`. */
function atMost(count: number, mean: number): number {
  let [term, sum] = [Math.exp(-mean), 0];
  for (let at = 0; at <= count; at++) {
    sum += term;
    term *= mean / (at + 1);
  }
  return sum;
}

describe('poissonLimits', () => {
  it('are three for no event: the rule of three', () => {
    expect(poissonLimits(0)).toEqual({ low: 0, high: 3 });
  });

  it('are passed in about 5 % of all cases, to each side', () => {
    for (let count = 1; count < 60; count++) {
      const { low, high } = poissonLimits(count);
      expect(Math.abs(atMost(count, high) - 0.05)).toBeLessThan(0.003);
      expect(Math.abs(1 - atMost(count - 1, low) - 0.05)).toBeLessThan(0.015);
    }
  });

  it('grow with the events', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (n, more) => {
          expect(poissonLimits(n + more).high).toBeGreaterThanOrEqual(poissonLimits(n).high);
          expect(poissonLimits(n + more).low).toBeGreaterThanOrEqual(poissonLimits(n).low);
        },
      ),
    );
  });
});

describe('failureRate', () => {
  it('never tells no failure as no probability', () => {
    expect(failureRate([pass(1000, 0, 0), pass(1000, 0, 0)], 2, false)).toMatchObject({
      probability: 0,
      high: 3 / 1000,
    });
    expect(failureRate([pass(1000, 0, 0), pass(1000, 0, 0)], 2, true)).toMatchObject({
      probability: 0,
      high: 3 / 2000,
    });
    expect(failureRate([], 1, true)).toBeNull();
  });

  it('knows no more of one burst than of one failure', () => {
    const single = failureRate([pass(10_000, 1, 1)], 1, false)!;
    const burst = failureRate([pass(10_000, 50, 1)], 1, false)!;
    expect([burst.high / single.high, burst.low / single.low]).toEqual([expect.closeTo(50), expect.closeTo(50)]);
  });

  it('has the probability between its limits', () => {
    const one = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), fc.boolean(), (all, isFresh) => {
        const passes = all.map(([attempts, share, most]) => {
          const failures = Math.floor(attempts * share);
          return pass(attempts, failures, failures === 0 ? 0 : Math.max(1, Math.min(failures, most)));
        });
        const { low, probability, high } = failureRate(passes, passes.length, isFresh)!;
        expect(low).toBeLessThanOrEqual(probability);
        expect(high).toBeGreaterThanOrEqual(probability);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThan(0);
      }),
    );
  });
});
