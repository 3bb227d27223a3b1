import { describe, expect, it } from '@jest/globals';
import { bytesOf, positiveNumber, wholeNumber } from '../../../lib/bench/facts/whole-number.js';

describe('a whole number of a file of Linux', () => {
  it.each([
    ['0', 0],
    ['64', 64],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('is read from %j', (text, value) => {
    expect(wholeNumber(text)).toBe(value);
  });

  it.each([
    ['a negative one', '-1'],
    ['a counter that has fallen below zero', '18446744073709551615'],
    ['a fraction', '1.5'],
    ['an exponent', '1e3'],
    ['hexadecimal digits', '0x40'],
    ['white space', ' 7'],
    ['nothing', ''],
    ['a word', 'Infinity'],
    ['no file', null],
  ])('is not told by %s', (_, text) => {
    expect(wholeNumber(text)).toBeNull();
  });

  it('is null for zero where zero stands for "not known"', () => {
    expect([positiveNumber('0'), positiveNumber('64')]).toEqual([null, 64]);
  });

  it('has bytes only where they are exact', () => {
    expect([bytesOf(3, 1024), bytesOf(null, 1024), bytesOf(2 ** 52, 1024)]).toEqual([3072, null, null]);
  });
});
