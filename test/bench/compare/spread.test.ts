import { describe, expect, it } from '@jest/globals';
import { spreadOf } from '../../../lib/bench/compare/spread.js';

describe('the spread of a median', () => {
  it('is that of a normal distribution with this interval', () => {
    const ends = { low: Math.exp(-0.1), high: Math.exp(0.1) };
    expect(spreadOf({ ...ends, confidence: 0.95 })).toBeCloseTo(0.1 / 1.96, 3);
    expect(spreadOf({ ...ends, confidence: 0.9 })).toBeCloseTo(0.1 / 1.645, 3);
  });

  it('is not known where an interval is not sure, not there, or not positive', () => {
    expect(spreadOf({ low: 1, high: 2, confidence: 0.5 })).toBeNull();
    expect(spreadOf({ low: 1, high: 2, confidence: 0.7 })).toBeGreaterThan(0); // is just sure enough
    expect(spreadOf({ low: 1, high: 1, confidence: 0 })).toBeNull();
    expect(spreadOf({ low: 0, high: 2, confidence: 0.95 })).toBeNull();
  });
});
