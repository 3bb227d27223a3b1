import { describe, expect, it } from '@jest/globals';
import { normalTail } from '../../../lib/bench/statistics/normal-tail.js';

describe('the tail of the normal distribution', () => {
  // Published to this many digits: Abramowitz and Stegun, "Handbook of Mathematical Functions", tables 26.1 and 26.2.
  it.each([
    [0, 0.5],
    [1, 0.158655253931457],
    [1.96, 0.0249978951482204],
    [3, 1.34989803163e-3],
    [5, 2.866515719e-7],
    [10, 7.619853024e-24],
  ])('at %d is %d', (z, chance) => {
    expect(normalTail(z) / chance).toBeCloseTo(1, 9);
  });

  it('has no step where its two formulas meet, and falls everywhere', () => {
    for (let z = 0; z < 12; z += 0.001) expect(normalTail(z + 0.001)).toBeLessThan(normalTail(z));
    expect(normalTail(3 - 1e-12) / normalTail(3)).toBeCloseTo(1, 10);
  });
});
