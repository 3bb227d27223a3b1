import { describe, expect, it } from '@jest/globals';
import type { Curves } from '../../../lib/bench/statistics/resampled-rounds.js';
import { isSignificantAt, shownRanges } from '../../../lib/bench/statistics/shown-ranges.js';

const SIZES = [1, 4, 16, 64, 256, 1024];
const shown = (ranges: readonly (readonly [number, number])[], ...significant: number[]) =>
  shownRanges(ranges, SIZES, (at) => significant.includes(SIZES[at]!));

describe('shownRanges', () => {
  it('returns a range whole if all its measured sizes are significant', () => {
    expect(shown([[1, 1024]], ...SIZES)).toEqual([[1, 1024]]);
    expect(shown([[12, 100]], 16, 64)).toEqual([[12, 100]]);
  });

  it('leaves out a range of which no measured size is significant', () => {
    expect(shown([[1, 1024]])).toEqual([]);
    const ranges = [[1, 6] as const, [200, 300] as const];
    expect(shown(ranges, 256)).toEqual([[200, 300]]);
  });

  it('does not ask for significance where the range ends, unless no size beyond was measured', () => {
    expect(shown([[16, 1024]], 64, 256, 1024)).toEqual([[16, 1024]]);
    expect(shown([[1, 16]], 1, 4)).toEqual([[1, 16]]);
    expect(shown([[16, 1024]], 64, 256)).toEqual([[16, 256]]);
    expect(shown([[1, 16]], 4)).toEqual([[4, 16]]);
    expect(shown([[16, 16]])).toEqual([]);
    expect(shown([[16, 16]], 16)).toEqual([[16, 16]]);
  });

  it('returns the parts from one measured size to another between which all are significant', () => {
    expect(shown([[3, 1024]], 16, 64)).toEqual([[16, 64]]);
    expect(shown([[3, 1024]], 4, 64, 256, 1024)).toEqual([
      [3, 4],
      [64, 1024],
    ]);
  });
});

describe('isSignificantAt', () => {
  const curves = (values: readonly number[], rounds: number): Curves => {
    return { middle: [values[1]!], others: values.map((value) => [value]), tail: 0, rounds };
  };
  const ofCost = (value: number) => 1 / value;

  it('is true where the interval excludes 1, whether the ratio rises or falls with the value', () => {
    expect(isSignificantAt(curves([0.7, 0.8, 0.9], 12), 0, Number)).toBe(true);
    expect(isSignificantAt(curves([0.7, 0.8, 0.9], 12), 0, ofCost)).toBe(true);
  });

  it('is false where the interval includes 1, the effect is small, or there are too few rounds', () => {
    expect(isSignificantAt(curves([0.7, 0.8, 1.1], 12), 0, Number)).toBe(false);
    expect(isSignificantAt(curves([0.98, 0.98, 0.99], 12), 0, Number)).toBe(false);
    expect(isSignificantAt(curves([0.7, 0.8, 0.9], 5), 0, Number)).toBe(false);
  });
});
