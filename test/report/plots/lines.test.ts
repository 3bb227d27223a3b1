import { describe, expect, it } from '@jest/globals';
import { marksOnly, measuredLine, namedLines, pointAt, TOLD } from '../../../lib/report/plots/lines.js';

const LOOK = { colour: '#123456', pointSize: 5, width: 2 };
const HEIGHTS = { min: 10, max: 1000 };
const POINTS = [
  pointAt(1, { median: 123.45678, low: 120, high: 130 }),
  pointAt(2, { median: 500, low: 0, high: Number.POSITIVE_INFINITY }),
];

describe('measuredLine', () => {
  const line = measuredLine('movsb', POINTS, LOOK, HEIGHTS) as Readonly<Record<string, Record<string, unknown>>>;

  it('leads through the medians, with five digits each', () => {
    expect(line).toMatchObject({ type: 'line', name: 'movsb', symbolSize: 5 });
    expect(line.data).toEqual([
      [1, 123.46],
      [2, 500],
    ]);
  });

  it('has a bar from the low to the high end of each interval, and none beyond the ends of the axis', () => {
    expect(line.markLine!.data).toEqual([
      [{ coord: [1, 120] }, { coord: [1, 130] }],
      [{ coord: [2, 10] }, { coord: [2, 1000] }],
    ]);
  });

  it('has one colour for points, line and bars, and is solid unless it is to be dashed', () => {
    const { itemStyle, lineStyle, markLine } = line;
    const colours = [itemStyle, lineStyle, markLine!.lineStyle as typeof lineStyle].map((style) => style!.color);
    expect(colours).toEqual(['#123456', '#123456', '#123456']);
    expect(lineStyle).toMatchObject({ width: 2, type: 'solid' });
    const dashed = measuredLine('movsb', POINTS, { ...LOOK, isDashed: true }, HEIGHTS);
    expect(dashed.lineStyle).toMatchObject({ type: 'dashed' });
  });
});

describe('namedLines', () => {
  const marks = [{ name: 'L2', xAxis: 65536 }];

  it('show their names, and look as they are told to', () => {
    expect(namedLines(marks)).toMatchObject({ label: { formatter: '{b}' }, data: marks });
    expect(namedLines(marks, TOLD)).toMatchObject({ lineStyle: { type: 'dotted' }, label: { position: 'end' } });
  });

  it('may be all that a series has', () => {
    expect(marksOnly(namedLines(marks))).toMatchObject({ type: 'line', data: [], markLine: { data: marks } });
  });
});
