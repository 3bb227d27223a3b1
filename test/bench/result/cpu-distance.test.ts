import { describe, expect, it } from '@jest/globals';
import { cpuDistance, isOnePlace } from '../../../lib/bench/result/cpu-distance.js';
import { quietResult } from '../fixtures/quiet-result.js';

describe('the distance of the measuring CPUs', () => {
  it('is told by deciles and the median of all round trips of a run', () => {
    expect(cpuDistance(quietResult({ lineRoundTripNs: [60, 60] }))).toEqual({ low: 60, middle: 60, high: 60 });
    expect(cpuDistance(quietResult({ lineRoundTripNs: [60, 300] }))).toMatchObject({ low: 60, high: 300 });
  });

  it('is not known where no round has a trip', () => {
    expect(cpuDistance(quietResult({ lineRoundTripNs: null }))).toBeNull();
  });

  it('is that of one place up to a factor of one and a half', () => {
    expect(isOnePlace(60, 90)).toBe(true);
    expect(isOnePlace(60, 91)).toBe(false);
  });
});
