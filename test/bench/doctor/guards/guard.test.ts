import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inTurns, quantile, spread } from '../../../../lib/bench/doctor/guards/guard.js';

/** A clock that only moves when an arm runs, by `stepMs`; and the order in which arms ran. */
function arms(stepMs: number) {
  let time = 0;
  const order: string[] = [];
  const arm = (name: string) => () => {
    time += stepMs;
    return order.push(name);
  };
  return { order, now: () => time, arms: { without: arm('without'), with: arm('with') } };
}

describe('inTurns', () => {
  it('lets the arms begin in turns, and keeps what they return by repeat', () => {
    const { order, now, arms: both } = arms(1);
    const samples = inTurns(both, 13, now);
    expect(order.slice(0, 6)).toEqual(['without', 'with', 'with', 'without', 'without', 'with']);
    expect(samples).toEqual({ without: [1, 4, 5, 8, 9, 12, 13], with: [2, 3, 6, 7, 10, 11, 14] });
  });

  it.each([
    { stepMs: 0, repeats: 60, why: 'at most 60 times' },
    { stepMs: 1, repeats: 51, why: 'until the time is up' },
    { stepMs: 15, repeats: 6, why: 'six times where that takes up to twice the time' },
    { stepMs: 50, repeats: 3, why: 'less often where it would take more' },
    { stepMs: 1000, repeats: 1, why: 'once in any case' },
  ])('measures $why', ({ stepMs, repeats }) => {
    const { now, arms: both } = arms(stepMs);
    const samples = inTurns(both, 100, now);
    expect({ without: samples.without.length, with: samples.with.length }).toEqual({ without: repeats, with: repeats });
  });
});

describe('quantile', () => {
  it('returns a value that the share of the values does not exceed, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = quantile(values, share);
          expect(values).toContain(found);
          expect(values.filter((value) => value < found).length).toBeLessThanOrEqual(share * values.length);
          expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length);
        },
      ),
    );
  });

  it('returns no number for no values', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('spread', () => {
  it('is the difference of the extremes as a share of the median', () => {
    expect(spread([4, 3, 5])).toBe(0.5);
    expect(spread([7])).toBe(0);
  });
});
