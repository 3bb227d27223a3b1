import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratioMarks } from '../../../lib/report/bars/ratio-marks.js';

const effect = (median: number, low: number, high: number, significant = true) => ({ median, low, high, significant });

describe('ratioMarks', () => {
  it('draw ratios on one logarithmic axis, with their intervals and a line at 1', () => {
    const effects = [effect(2, 1.5, 4), effect(1.1, 0.5, 2, false), effect(0.25, 0.25, 0.25), null];
    expect(ratioMarks(effects, false)(17)).toEqual({
      head: '0.25    1       4',
      rows: ['        │ ├─●───┤', '    ├───┼○──┤    ', '●       │        ', '        │        '],
    });
    expect(ratioMarks(effects, true)(17).rows).toEqual([
      '        | [-*---]',
      '    [---+o--]    ',
      '*       |        ',
      '        |        ',
    ]);
  });

  it('name what they are of where the axis has room for that', () => {
    const [head, short] = [24, 9].map((width) => ratioMarks([effect(2, 2, 2)], false, 'x bounce')(width).head);
    expect([head, short]).toEqual(['   1          2 x bounce', ' 1       ']);
  });

  it('say where an interval goes on beyond the axis, and draw the same for no difference', () => {
    expect(ratioMarks([effect(1, 1e-9, 1e9)], false)(9).rows).toEqual(['◄───●───►']);
    expect(ratioMarks([effect(1, 1, 1, false)], true)(9)).toEqual({ head: '    1 1.1', rows: ['    o    '] });
  });

  it('are in order, and exactly as wide as their column, whatever a ratio is', () => {
    const number = fc.oneof(fc.double(), fc.double({ min: 0.01, max: 100 }), fc.constantFrom(1e308, Infinity, -0));
    const value = fc.record({ median: number, low: number, high: number, significant: fc.boolean() });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 2, max: 60 }), (effects, width) => {
        const { head, rows } = ratioMarks(effects, false)(width);
        expect([head, ...rows].every((row) => row.length === width)).toBe(true);
        expect(rows.every((row) => /^ *(?:│ *)?(?:[├◄]?[─┼]*[●○][─┼]*[┤►]?)? *(?:│ *)?$/.test(row))).toBe(true);
        const places = effects.map(({ median }, at) => ({ median, at: rows[at]!.search(/[●○]/) }));
        const drawn = places.filter(({ median }) => median > 0 && median < Infinity);
        const byValue = drawn.toSorted((a, b) => a.median - b.median).map(({ at }) => at);
        expect(byValue).toEqual(byValue.toSorted((a, b) => a - b));
        expect(places.filter((one) => !drawn.includes(one)).every(({ at }) => at === -1)).toBe(true);
      }),
    );
  });
});
