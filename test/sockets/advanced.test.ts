import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { advanced } from '../../lib/sockets/advanced.js';

describe('advanced()', () => {
  it('goes on where a counter of 32 bits begins again', () => {
    expect([advanced(2 ** 32 - 1, 0), advanced(2 ** 32 - 5, 3), advanced(7, 7)]).toEqual([2 ** 32, 2 ** 32 + 3, 7]);
  });

  it('is the sum of all steps, each below 2^32', () => {
    const step = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let [count, sum] = [0, 0];
        for (const step of steps) {
          sum += step;
          count = advanced(count, sum % 2 ** 32);
        }
        expect(count).toBe(sum);
      }),
    );
  });
});
