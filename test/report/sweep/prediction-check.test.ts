import { describe, expect, it } from '@jest/globals';
import { ABOUT_ONE, checked, FLAT, isWithin, notMeasurable } from '../../../lib/report/sweep/prediction-check.js';

describe('isWithin', () => {
  it('includes both ends of the range', () => {
    const ends = [ABOUT_ONE.low, ABOUT_ONE.high, 1].map((value) => isWithin(value, ABOUT_ONE));
    const outside = [ABOUT_ONE.low - 0.001, ABOUT_ONE.high + 0.001].map((value) => isWithin(value, ABOUT_ONE));
    expect({ ends, outside }).toEqual({ ends: [true, true, true], outside: [false, false] });
  });

  it('includes in about one the ratio that counts as flat', () => {
    expect(isWithin(FLAT, ABOUT_ONE)).toBe(true);
  });
});

describe('the check of a prediction', () => {
  it('has its claim, a verdict and the reason', () => {
    expect(checked('it is so', true, 'of this')).toEqual({ claim: 'it is so', verdict: 'holds', because: 'of this' });
    expect(checked('it is so', false, 'of that').verdict).toBe('does not hold');
    expect(notMeasurable('it is so', 'no such cell')).toEqual({
      claim: 'it is so',
      verdict: 'not measurable here',
      because: 'no such cell',
    });
  });
});
