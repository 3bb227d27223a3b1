import { describe, expect, it } from '@jest/globals';
import { percent, sum } from '../../../lib/bench/result/rule.js';

describe('percent', () => {
  it('has a decimal below ten percent', () => {
    expect([0, 0.034, 0.0999, 0.1, 0.95].map(percent)).toEqual(['0.0 %', '3.4 %', '10.0 %', '10 %', '95 %']);
  });
});

describe('sum', () => {
  it('leaves out what is not known', () => {
    expect(sum([1, null, 2])).toBe(3);
    expect(sum([])).toBe(0);
  });
});
