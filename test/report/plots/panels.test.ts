import { describe, expect, it } from '@jest/globals';
import { renderSvg } from '../../../lib/report/plots/chart.js';
import { endsOf, type Frame, octavesAround, panelChart, sizeAxis } from '../../../lib/report/plots/panels.js';

const FRAME: Frame = { width: 1000, height: 500, left: 80, right: 20, gap: 100, top: 120, bottom: 60, heading: 40 };

const panel = (text: string, unit: string) => ({
  heading: { text },
  x: { type: 'value', name: 'CPUs' },
  y: { type: 'log', name: unit, nameGap: 52 },
  series: [{ type: 'line', name: text, data: [[1, 10]] }],
});

const chartOf = (...panels: ReturnType<typeof panel>[]) =>
  panelChart({ text: 'Rates' }, FRAME, { data: ['path'] }, panels);

describe('panelChart', () => {
  it('shares the width among its panels, with a gap between two', () => {
    const { option, width, height } = chartOf(panel('path', 'Gbit/s'), panel('copies', 'GB/s'));
    expect({ width, height }).toEqual({ width: 1000, height: 500 });
    expect(option.grid).toEqual([
      { left: 80, width: 400, top: 120, bottom: 60 },
      { left: 580, width: 400, top: 120, bottom: 60 },
    ]);
    expect(chartOf(panel('path', 'Gbit/s')).option.grid).toEqual([{ left: 80, width: 900, top: 120, bottom: 60 }]);
  });

  it('puts headings behind the title, each above the middle of its panel', () => {
    const { option } = chartOf(panel('path', 'Gbit/s'), panel('copies', 'GB/s'));
    expect(option.title).toMatchObject([
      { text: 'Rates' },
      { text: 'path', left: 280, top: 80 },
      { text: 'copies', left: 780, top: 80 },
    ]);
  });

  it('gives axes and series to their panels', () => {
    const { option } = chartOf(panel('path', 'Gbit/s'), panel('copies', 'GB/s'));
    expect(option.xAxis).toMatchObject([
      { gridIndex: 0, name: 'CPUs', nameGap: 28 },
      { gridIndex: 1, name: 'CPUs', nameGap: 28 },
    ]);
    expect(option.yAxis).toMatchObject([
      { gridIndex: 0, name: 'Gbit/s', nameGap: 52 },
      { gridIndex: 1, name: 'GB/s', nameGap: 52 },
    ]);
    expect(option.series).toMatchObject([
      { name: 'path', xAxisIndex: 0, yAxisIndex: 0 },
      { name: 'copies', xAxisIndex: 1, yAxisIndex: 1 },
    ]);
  });

  it('is drawn', () => {
    const { option, width, height } = chartOf(panel('path', 'Gbit/s'), panel('copies', 'GB/s'));
    const svg = renderSvg(option, width, height);
    for (const text of ['>Rates<', '>path<', '>copies<', '>Gbit/s<', '>GB/s<']) expect(svg).toContain(text);
  });
});

describe('endsOf', () => {
  it('are the least and the greatest value, in whatever order they come', () => {
    expect(endsOf([3, 1, 2])).toEqual({ min: 1, max: 3 });
  });
});

describe('octavesAround', () => {
  it('are the powers of two around all values', () => {
    expect(octavesAround([3, 5, 20])).toEqual({ min: 2, max: 32 });
    expect(octavesAround([0.3])).toEqual({ min: 0.25, max: 0.5 });
  });

  it('are the values themselves where these are powers of two, unless there has to be room', () => {
    expect(octavesAround([4, 16])).toEqual({ min: 4, max: 16 });
    expect(octavesAround([4, 16], 1.2)).toEqual({ min: 2, max: 32 });
    expect(octavesAround([5, 13], 1.2)).toEqual({ min: 4, max: 16 });
  });
});

describe('sizeAxis', () => {
  it('ends where it is told to, doubles by equal lengths, and has units at its labels', () => {
    const axis = sizeAxis('bytes per copy', { min: 1024, max: 65536 });
    expect(axis).toMatchObject({ type: 'log', logBase: 2, name: 'bytes per copy', min: 1024, max: 65536 });
    expect([1024, 65536].map(axis.axisLabel.formatter)).toEqual(['1 KiB', '64 KiB']);
  });
});
