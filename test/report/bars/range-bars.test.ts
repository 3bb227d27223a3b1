import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Ranges, rangeBars } from '../../../lib/report/bars/range-bars.js';

const NOWHERE: Ranges = { possible: [], likely: [], sure: [] };
const ENDS = [1, 512] as const;
const ROWS: readonly (Ranges | null)[] = [
  { possible: [[4, 32]], likely: [[8, 512]], sure: [[64, 512]] },
  {
    ...NOWHERE,
    sure: [
      [1, 2],
      [128, 128],
    ],
  },
  NOWHERE,
  null,
];

describe('rangeBars', () => {
  it('draw where something holds on a logarithmic axis, lighter where that is not significant', () => {
    expect(rangeBars(ROWS, ENDS, String, false)(10)).toEqual({
      head: '1      512',
      rows: ['  ░▓▓▓████', '██     █  ', ' '.repeat(10), ' '.repeat(10)],
    });
    expect(rangeBars(ROWS, ENDS, String, true)(10).rows.slice(0, 2)).toEqual(['  -===####', '##     #  ']);
  });

  it('have a column for a single size, and end with the axis', () => {
    expect(rangeBars([{ ...NOWHERE, sure: [[0, 1e9]] }], ENDS, String, true)(8).rows).toEqual(['########']);
    expect(rangeBars([{ ...NOWHERE, sure: [[4, 4]] }], [4, 4], String, true)(3).rows).toEqual(['#  ']);
  });

  it('are as wide as their column, whatever the numbers are', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(1e308, 1e-308, Infinity, -0, Number.NaN));
    const ranges = fc.array(fc.tuple(number, number), { maxLength: 3 });
    const row = fc.record({ possible: ranges, likely: ranges, sure: ranges });
    fc.assert(
      fc.property(fc.array(row), fc.tuple(number, number), fc.integer({ min: 1, max: 60 }), (rows, ends, width) => {
        const { head, rows: drawn } = rangeBars(rows, ends, () => 'x', false)(width);
        expect([head, ...drawn].every((line) => line.length === width)).toBe(true);
      }),
    );
  });
});
