import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { valueBars } from '../../../lib/report/bars/value-bars.js';

const alone = (median: number) => ({ median, low: median, high: median });
const VALUES = [{ median: 8, low: 6, high: 10 }, alone(4), null, alone(0.01), alone(-3)];

describe('valueBars', () => {
  it('draw values on one axis from 0, with their intervals lighter', () => {
    expect(valueBars(VALUES, String, false)(20)).toEqual({
      head: '0                 10',
      rows: ['████████████▓▓▓▓░░░░', '████████            ', ' '.repeat(20), `█${' '.repeat(19)}`, ' '.repeat(20)],
    });
    expect(valueBars(VALUES, String, true)(10).rows).toEqual([
      '######==--',
      '####      ',
      ' '.repeat(10),
      '#         ',
      ' '.repeat(10),
    ]);
  });

  it('draw nothing where there is nothing, and leave out an end that has no room', () => {
    expect(valueBars([null], String, false)(3)).toEqual({ head: '   ', rows: ['   '] });
    expect(valueBars([alone(1)], () => 'much too long', false)(9).head).toBe('0        ');
  });

  it('are longer for a larger value, and never wider than their column', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(1e308, 1e-308, Infinity, -0, Number.NaN));
    const value = fc.record({ median: number, low: number, high: number });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (values, width) => {
        const { head, rows } = valueBars(values, String, false)(width);
        expect([head, ...rows].every((row) => row.length === width)).toBe(true);
        expect(rows.every((row) => /^█*▓*░* *$/.test(row))).toBe(true);
        const lengths = values.map(({ median }, at) => ({ median, length: /^[█▓]*/.exec(rows[at]!)![0].length }));
        const drawn = lengths.filter(({ median }) => median > 0 && median < Infinity);
        const byValue = drawn.toSorted((a, b) => a.median - b.median).map(({ length }) => length);
        expect(byValue).toEqual(byValue.toSorted((a, b) => a - b));
        expect(lengths.filter((one) => !drawn.includes(one)).every(({ length }) => length === 0)).toBe(true);
      }),
    );
  });
});
