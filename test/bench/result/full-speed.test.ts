import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  atFullSpeed,
  FULL_SPEED_FACTOR,
  fastestPulses,
  isAtFullSpeed,
  speedOf,
} from '../../../lib/bench/result/full-speed.js';

const FASTEST = [0.25, 0.5];

describe('the fastest pulses', () => {
  it('are those of each CPU, also where some samples used fewer CPUs', () => {
    expect(fastestPulses([[3], [2, 9], [4, 8, 1], []])).toEqual([2, 8, 1]);
    expect(fastestPulses([])).toEqual([]);
  });
});

describe('the speed beside a sample', () => {
  it('is that of the CPU that was slowest for its kind', () => {
    expect(speedOf([0.25, 0.5], FASTEST)).toBe(1);
    expect(speedOf([0.5, 0.5], FASTEST)).toBe(0.5);
    expect(speedOf([0.25, 2], FASTEST)).toBe(0.25);
  });

  it('is unknown without a pulse, and that is not full speed', () => {
    expect(speedOf([], FASTEST)).toBeNull();
    expect(isAtFullSpeed([], FASTEST)).toBe(false);
  });

  it('is full up to the factor that was fixed in advance', () => {
    const pulses = (factor: number) => [0.25, 0.5 * factor];
    expect(isAtFullSpeed(pulses(FULL_SPEED_FACTOR - 0.001), FASTEST)).toBe(true);
    expect(isAtFullSpeed(pulses(FULL_SPEED_FACTOR + 0.001), FASTEST)).toBe(false);
  });

  it('is full for the fastest sample of a run, whatever the others are', () => {
    const pulse = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(pulse), { minLength: 1 }), (all) => {
        const fastest = fastestPulses(all);
        const best = all.toSorted(([one], [other]) => one - other)[0]!;
        expect(isAtFullSpeed(best, fastest)).toBe(true);
        for (const pulses of all) expect(speedOf(pulses, fastest)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the samples at full speed', () => {
  it('are summed up, without slow ones and those in which nothing moved', () => {
    const pulses = [[0.25], [0.5], [0.25], [0.25]];
    expect(atFullSpeed([10, 1, null, 12], pulses, FASTEST)).toMatchObject({ samples: 2, summary: { median: 11 } });
  });

  it('may be none, and are not known without pulses', () => {
    expect(atFullSpeed([10], [[0.5]], FASTEST)).toEqual({ samples: 0, summary: null });
    expect(atFullSpeed([10], [[]], FASTEST)).toBeUndefined();
  });
});
