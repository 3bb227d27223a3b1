import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { labelsOf, shortened } from '../../../lib/report/compare/group-labels.js';

describe('the label of a group', () => {
  it('is its name, or the beginning and the end of a long one', () => {
    expect([shortened('before', 14), shortened('before the patch of Monday', 14)]).toEqual([
      'before',
      'before..Monday',
    ]);
    expect(shortened('two\nlines', 14)).toBe('two lines');
  });

  it('has its number where others would look the same', () => {
    const long = (middle: string) => `a long beginning ${middle} and a long end`;
    expect(labelsOf([long('x'), long('y')], 14)).toEqual(['1 a lo..ng end', '2 a lo..ng end']);
  });

  it('is never wider than the room, and differs from that of another name', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }), {
      minLength: 2,
      maxLength: 9,
      selector: (name) => name.replaceAll(/\s+/g, ' '),
    });
    fc.assert(
      fc.property(names, fc.integer({ min: 6, max: 30 }), (given, width) => {
        const labels = labelsOf(given, width);
        expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(width);
        expect(new Set(labels).size).toBe(given.length);
      }),
    );
  });
});
