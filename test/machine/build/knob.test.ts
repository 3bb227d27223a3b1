import { describe, expect, it } from '@jest/globals';
import {
  amount,
  choice,
  count,
  flag,
  type Knob,
  list,
  rate,
  requireKnob,
  size,
} from '../../../lib/machine/build/knob.js';

const words = { label: 'knob', help: 'a knob' };

/** What is said about a value, or null where it is taken. */
function refusalOf(knob: Knob, value: unknown): { code: string; message: string } | null {
  try {
    requireKnob('group.knob', knob, value);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  return null;
}

describe('requireKnob', () => {
  it('refuses numbers beyond the range of a knob, and says which knob and which range', () => {
    const knob: Knob = { range: [1, 31], default: 1, ...words };
    expect([1, 31].map((value) => refusalOf(knob, value))).toEqual([null, null]);
    for (const value of [0, 32, 1.5, Number.NaN, Infinity, '3', null, undefined]) {
      const message = `group.knob must be an integer from 1 to 31, not ${value === '3' ? "'3'" : value}`;
      expect(refusalOf(knob, value)).toEqual({ code: 'ERR_OUT_OF_RANGE', message });
    }
  });

  it('takes Infinity only where the row says so', () => {
    const knob: Knob = { range: [1, 31], allowsInfinity: true, default: Infinity, ...words };
    expect(refusalOf(knob, Infinity)).toBeNull();
    expect(refusalOf(knob, 32)).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });

  it('refuses fractions beyond a range of real numbers, and the low end where that is not part of it', () => {
    const share: Knob = { unit: 'share', range: [0, 0.5], isReal: true, default: 0, ...words };
    expect([0, 0.25, 0.5].map((value) => refusalOf(share, value))).toEqual([null, null, null]);
    expect(refusalOf(share, 0.51)?.message).toBe('group.knob must be from 0 to 0.5, not 0.51');
    expect(refusalOf(share, Number.NaN)?.code).toBe('ERR_OUT_OF_RANGE');
    const rate: Knob = { unit: 'bit/s', range: [0, Infinity], isReal: true, isAboveLow: true, default: 1, ...words };
    expect([0.5, Infinity].map((value) => refusalOf(rate, value))).toEqual([null, null]);
    expect(refusalOf(rate, 0)?.message).toBe('group.knob must be more than 0 bit/s, not 0');
    const delay: Knob = { unit: 'ns', range: [0, Infinity], isReal: true, default: 0, ...words };
    expect(refusalOf(delay, 0)).toBeNull();
    expect(refusalOf(delay, -1)?.message).toBe('group.knob must be at least 0, not -1');
  });

  it('refuses what is no power of two', () => {
    const knob: Knob = { unit: 'bytes', range: [64, 1024], isPowerOfTwo: true, default: 64, ...words };
    expect(refusalOf(knob, 128)).toBeNull();
    expect(refusalOf(knob, 100)?.code).toBe('ERR_NOT_POWER_OF_TWO');
  });

  it('refuses what is not among the choices, and takes null where that is the default', () => {
    const knob: Knob = { choices: ['fifo', 'none'], default: null, ...words };
    expect(['fifo', null].map((value) => refusalOf(knob, value))).toEqual([null, null]);
    expect(refusalOf(knob, 'lifo')?.message).toBe("group.knob 'lifo' is none of fifo, none: did you mean 'fifo'?");
    expect(refusalOf({ ...knob, default: 'fifo' }, null)?.code).toBe('ERR_OUT_OF_RANGE');
  });

  it('refuses flags that are neither true nor false', () => {
    const knob: Knob = { default: false, ...words };
    expect(refusalOf(knob, true)).toBeNull();
    expect(refusalOf(knob, 1)?.message).toBe('group.knob must be true or false, not 1');
  });

  it('refuses a list with a number beyond the range, and one without a number', () => {
    const knob: Knob = { eachRange: [0, 3], default: null, ...words };
    expect([[0, 3, 0], null].map((value) => refusalOf(knob, value))).toEqual([null, null]);
    expect(refusalOf(knob, [1, 4])?.message).toBe('group.knob must be an integer from 0 to 3, not 4');
    expect(refusalOf(knob, [])?.message).toBe('group.knob must be a list of at least one number');
    expect(refusalOf(knob, 1)?.code).toBe('ERR_OUT_OF_RANGE');
  });
});

describe('the rows of a table', () => {
  it('have the range, the default and the words that they are made of', () => {
    expect(count([1, 31], 1, words)).toEqual({ range: [1, 31], default: 1, ...words });
    expect(amount('ms', [0, 9], 5, words)).toEqual({ unit: 'ms', range: [0, 9], default: 5, ...words });
    expect(size([1, 64], 8, { isPowerOfTwo: true, ...words })).toEqual({
      unit: 'bytes',
      range: [1, 64],
      default: 8,
      isPowerOfTwo: true,
      ...words,
    });
    expect(choice(['a', 'b'], null, words)).toEqual({ choices: ['a', 'b'], default: null, ...words });
    expect(flag(true, words)).toEqual({ default: true, ...words });
    expect(list([0, 3], words)).toEqual({ eachRange: [0, 3], default: null, ...words });
  });

  it('take, for a rate, every number above 0 and Infinity', () => {
    const row = rate(1e9, words);
    expect([0.5, 1e9, Infinity].map((value) => refusalOf(row, value))).toEqual([null, null, null]);
    expect(refusalOf(row, 0)?.message).toBe('group.knob must be more than 0 bit/s, not 0');
  });
});
