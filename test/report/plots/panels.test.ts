import { describe, expect, it } from '@jest/globals';
import { renderSvg } from '../../../lib/report/plots/chart.js';
import { type Frame, panelChart } from '../../../lib/report/plots/panels.js';

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
