import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBefore } from '../../lib/owner/stream-position.js';

describe('isBefore', () => {
  it('orders positions that are less than 2^31 bytes apart, also where they wrap', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (position, distance) => {
        const later = (position + distance) | 0;
        expect([isBefore(position, later), isBefore(later, position), isBefore(position, position)]).toEqual([
          true,
          false,
          false,
        ]);
      }),
    );
  });
});
