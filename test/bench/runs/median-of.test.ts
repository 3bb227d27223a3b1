import { describe, expect, it } from '@jest/globals';
import { medianOf } from '../../../lib/bench/runs/median-of.js';

describe('medianOf', () => {
  it.each([
    [[3, 1, 2], 2],
    [[1, 4], 2.5],
    [[null, 5, undefined], 5],
    [[0, null], 0],
    [[null], null],
    [[], null],
    [undefined, null],
  ])('is of %j: %j', (values, expected) => {
    expect(medianOf(values)).toBe(expected);
  });
});
