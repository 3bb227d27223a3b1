import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { axisLine, drawable } from '../../../lib/report/bars/canvas.js';

describe('drawable', () => {
  it('returns a value with an interval that holds it', () => {
    expect(drawable({ median: 2, low: 1, high: 3 })).toEqual({ median: 2, low: 1, high: 3 });
    expect(drawable({ median: 4, low: 1, high: 3 })).toEqual({ median: 4, low: 1, high: 4 });
    expect(drawable({ median: 2, low: Number.NaN, high: 3 })).toEqual({ median: 2, low: 2, high: 2 });
    expect(drawable({ median: 2, low: 3, high: 1 })).toEqual({ median: 2, low: 2, high: 2 });
  });

  it.each([[Number.NaN], [Infinity], [-Infinity], [0], [-0], [-1]])('returns null for %s', (median) => {
    expect(drawable({ median, low: 1, high: 3 })).toBeNull();
  });
});

describe('axisLine', () => {
  it('has texts in the middle of their columns, and leaves out what would touch another', () => {
    const ticks = [
      { column: 5, text: '1' },
      { column: 6, text: '2' },
      { column: 0, text: 'low' },
    ];
    expect(axisLine(12, [...ticks, { column: 12, text: 'high' }])).toBe('low  1  high');
  });

  it('is exactly as wide as asked for, whatever stands on it', () => {
    const tick = fc.record({ column: fc.integer({ min: 0, max: 60 }), text: fc.string({ unit: 'grapheme-ascii' }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(tick), (width, ticks) => {
        expect(axisLine(width, ticks)).toHaveLength(width);
      }),
    );
  });
});
