import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logRange, sparkline } from '../../../lib/report/bars/sparkline.js';

describe('sparkline', () => {
  it('has a bar for each value on a logarithmic axis, and a blank for none', () => {
    expect(sparkline([1, 2, 4, 8, 16, 32, 64, 128, null], [1, 256], false)).toBe('▁▂▃▄▅▆▇█ ');
    expect(sparkline([1, null, 128], [1, 128], true)).toBe('. #');
    expect(sparkline([5, 5], [5, 5], false)).toBe('▅▅');
  });

  it('has a blank for what is no number above 0, and never a lower bar for a larger value', () => {
    const number = fc.oneof(fc.constant(null), fc.double(), fc.double({ min: 1e-9, max: 1e9 }));
    fc.assert(
      fc.property(fc.array(number), fc.boolean(), (values, isPlain) => {
        const range = logRange(values);
        if (range === null) return;
        const line = sparkline(values, range, isPlain);
        expect(line).toHaveLength(values.length);
        const isShown = (value: number | null) => value !== null && value > 0 && value < Infinity;
        expect([...line].map((letter) => letter !== ' ')).toEqual(values.map(isShown));
        const heights = values
          .flatMap((value, at) => (isShown(value) ? [[value!, '▁▂▃▄▅▆▇█.:-=+*#'.indexOf(line[at]!)]] : []))
          .sort((a, b) => a[0]! - b[0]!)
          .map(([, height]) => height);
        expect(heights).toEqual(heights.toSorted((a, b) => a! - b!));
      }),
    );
  });
});

describe('logRange', () => {
  it('is of the values that can be shown, and null without one', () => {
    expect(logRange([3, null, 1e9, -1, Number.NaN, Infinity])).toEqual([3, 1e9]);
    expect(logRange([null, 0])).toBeNull();
  });
});
