import { describe, expect, it } from '@jest/globals';
import { barsLegend, marksLegend, rangesLegend } from '../../../lib/report/bars/legend.js';
import { rangeBars } from '../../../lib/report/bars/range-bars.js';
import { ratioMarks } from '../../../lib/report/bars/ratio-marks.js';
import { valueBars } from '../../../lib/report/bars/value-bars.js';

describe('the legend of bars and marks', () => {
  it.each([true, false])('names each letter that is drawn; of ASCII only: %s', (isPlain) => {
    const canvas = { columns: 120, isPlain };
    const value = { median: 8, low: 6, high: 10 };
    const bar = valueBars([value], String, isPlain)(20).rows[0]!;
    for (const letter of bar) expect(barsLegend(canvas)).toContain(letter);
    const sure = { ...value, significant: true };
    const marks = ratioMarks([sure, { ...sure, significant: false }], isPlain)(20).rows.join('');
    for (const letter of marks.replaceAll(' ', '')) expect(marksLegend(canvas)).toContain(letter);
    const ranges = { possible: [[1, 4]], likely: [[2, 4]], sure: [[3, 4]] } as const;
    const [sizes] = rangeBars([ranges], [1, 4], String, isPlain)(20).rows;
    expect(new Set(sizes).size).toBe(3);
    for (const letter of sizes!) expect(rangesLegend(canvas)).toContain(letter);
    expect(/^[ -~]*$/.test(barsLegend(canvas) + marksLegend(canvas))).toBe(isPlain);
    expect(/^[ -~]*$/.test(rangesLegend(canvas))).toBe(isPlain);
  });
});
