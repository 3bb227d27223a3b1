import { describe, expect, it } from '@jest/globals';
import { clockFacts, shortestSampleNs } from '../../../lib/bench/host/clock.js';

describe('clockFacts', () => {
  it('measures the smallest step of a clock', () => {
    let reading = 0;
    const coarse = () => Math.floor(reading++ / 10) * 0.001;
    expect(clockFacts(coarse).resolutionNs).toBeCloseTo(1000);
  });

  it('measures the cost of reading a clock', () => {
    let ms = 0;
    expect(clockFacts(() => (ms += 0.0005)).overheadNs).toBeCloseTo(500);
  });

  it('returns a step of 0 for a clock that stands still', () => {
    expect(clockFacts(() => 1)).toEqual({ overheadNs: 0, resolutionNs: 0 });
  });

  it('requires samples as long as fifty readings', () => {
    expect(shortestSampleNs({ overheadNs: 40, resolutionNs: 10 })).toBe(2000);
    expect(shortestSampleNs({ overheadNs: 40, resolutionNs: 1000 })).toBe(50_000);
  });
});
