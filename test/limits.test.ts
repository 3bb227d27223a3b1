import { describe, expect, it } from '@jest/globals';
import { nearest, oneOf, powerOfTwo, within } from '../lib/limits.js';

describe('oneOf, within and powerOfTwo', () => {
  it.each<[string, () => void, string, string]>([
    [
      'a word that is no member',
      () => oneOf('design', 'x', ['a', 'b']),
      'ERR_OUT_OF_RANGE',
      "design 'x' is none of a, b: did you mean 'a'?",
    ],
    [
      'a number below the range',
      () => within('ring', 0, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 0',
    ],
    [
      'a number above the range',
      () => within('ring', 10, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 10',
    ],
    [
      'a number that is no integer',
      () => within('ring', 1.5, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 1.5',
    ],
    [
      'a number that is no power of two',
      () => powerOfTwo('ring', 24),
      'ERR_NOT_POWER_OF_TWO',
      'ring must be a power of two, not 24',
    ],
  ])('refuse %s', (_, check, code, message) => {
    expect(check).toThrow(expect.objectContaining({ code, message }));
  });

  it('refuse with the error that the caller makes', () => {
    const refuse = (name: string, value: string, members: readonly string[]) =>
      new Error(`${name} ${value} ${members}`);
    expect(() => oneOf('design', 'x', ['a', 'b'], refuse)).toThrow('design x a,b');
  });

  it('accept values within the limits', () => {
    expect(oneOf('design', 'b', ['a', 'b'])).toBe('b');
    for (const value of [1, 9]) within('ring', value, 1, 9);
    powerOfTwo('ring', 32);
  });
});

const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;

describe('the nearest word', () => {
  it.each([
    ['bounce-page', 'bounce-pages'],
    ['bounces', 'bounce'],
    ['DIRECT', 'direct'],
    ['bonuce', 'bounce'],
    ['', 'direct'],
  ])('to %j is %s', (word, best) => {
    expect(nearest(word, DESIGNS)).toBe(best);
  });
});
