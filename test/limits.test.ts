import { describe, expect, it } from '@jest/globals';
import { oneOf, powerOfTwo, within } from '../lib/limits.js';

describe('what is refused', () => {
  it.each<[string, () => void, string, string]>([
    ['no member', () => oneOf('design', 'x', ['a', 'b']), 'ERR_OUT_OF_RANGE', "design 'x' is none of a, b"],
    ['too little', () => within('ring', 0, 1, 9), 'ERR_OUT_OF_RANGE', 'ring must be an integer from 1 to 9, not 0'],
    ['too much', () => within('ring', 10, 1, 9), 'ERR_OUT_OF_RANGE', 'ring must be an integer from 1 to 9, not 10'],
    ['no integer', () => within('ring', 1.5, 1, 9), 'ERR_OUT_OF_RANGE', 'ring must be an integer from 1 to 9, not 1.5'],
    ['no power', () => powerOfTwo('ring', 24), 'ERR_NOT_POWER_OF_TWO', 'ring must be a power of two, not 24'],
  ])('%s', (_, check, code, message) => {
    expect(check).toThrow(expect.objectContaining({ code, message }));
  });

  it('is nothing that is within the limits', () => {
    oneOf('design', 'b', ['a', 'b']);
    for (const value of [1, 9]) within('ring', value, 1, 9);
    powerOfTwo('ring', 32);
  });
});
