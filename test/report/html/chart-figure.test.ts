import { describe, expect, it } from '@jest/globals';
import { chartFigure } from '../../../lib/report/html/chart-figure.js';
import { pollutionChart } from '../../../lib/report/plots/pollution-plot.js';
import { scalingChart } from '../../../lib/report/plots/scaling-plot.js';
import { copyCostChart, coresChart } from '../../../lib/report/plots/svg.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { pollutionResult } from '../fixtures/pollution.js';
import { copyCells, designCells, resultOf } from '../fixtures/result.js';
import { FOUR_CPUS, scalingResult } from '../fixtures/scaling.js';

const ALL = 1000;

describe('a figure of a page', () => {
  const result = resultOf(designCells(), copyCells());
  const cores = { file: 'cores.svg', ...coresChart(result)! };
  const seen = elementsOfPart(String(chartFigure(cores, null, ALL)));

  it('has a mark for each part of each design, in the wide and in the narrow picture', () => {
    const marks = seen.filter(({ attributes }) => attributes.has('data-tip'));
    expect(marks).toHaveLength(2 * 5 * 3);
    expect(marks[0]!.attributes.get('aria-label')).toContain('user copy, direct: 0.6 cores');
  });

  it('has a button for each series, which is off without the program of the page', () => {
    const buttons = seen.filter(({ name }) => name === 'button');
    expect(buttons.map(({ text }) => text)).toContain('bounce copy');
    expect(buttons.every(({ attributes }) => attributes.has('disabled'))).toBe(true);
  });

  it('has a table, and the name of the machine where there are several', () => {
    expect(seen.filter(({ name }) => name === 'table')).toHaveLength(1);
    expect(seen.find(({ name }) => name === 'strong')!.text).toBe('CPU cores per 100 Gbit/s');
    const named = elementsOfPart(String(chartFigure(cores, 'a <b>', ALL)));
    expect(named.find(({ name }) => name === 'strong')!.text).toBe('a <b>');
  });

  it('keeps the lowest and the highest of many points, and says so', () => {
    const data = Array.from({ length: 5000 }, (_, at) => [at, at === 1234 ? -5 : at === 3456 ? 99 : 1]);
    const option = { ...copyCostChart(result)!.option, series: [{ type: 'line', data }] };
    const chart = { ...copyCostChart(result)!, file: 'many.svg', option };
    const part = elementsOfPart(String(chartFigure(chart, null, 200)));
    const rows = part.filter(({ name }) => name === 'td').map(({ text }) => Number(text));
    expect(rows.length).toBeLessThanOrEqual(200);
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([-5, 99]);
    const caption = part.find(({ name }) => name === 'figcaption')!;
    expect(caption.text).toContain('of 5000 points');
  });

  it('has the whole shape of a line that has more points than marks, and marks at both of its ends', () => {
    const data = Array.from({ length: 90 }, (_, at) => [64 * (at + 1), 2 + Math.sin(at)]);
    const option = { ...copyCostChart(result)!.option, series: [{ type: 'line', name: 'a', data }] };
    const part = elementsOfPart(String(chartFigure({ ...copyCostChart(result)!, file: 'a.svg', option }, null, 10)));
    const marks = part.filter(({ attributes }) => attributes.has('data-tip'));
    expect(marks.length).toBeLessThanOrEqual(2 * 12);
    expect(marks[0]!.attributes.get('aria-label')).toContain('a, 64 bytes per copy: 2 GB/s');
    expect(marks.at(-1)!.attributes.get('aria-label')).toContain('a, 5760 bytes per copy');
    const lines = part.filter(({ attributes: own }) => own.get('data-series') === '0' && own.get('fill') === 'none');
    expect(lines.map(({ attributes }) => attributes.get('d')!.split(/[ML]/).length)).toEqual([91, 91]);
    expect(part.filter(({ name }) => name === 'td')).toHaveLength(90);
    expect(part.find(({ name }) => name === 'figcaption')!.text).toContain('lines have 90 points, of which');
  });

  it('has intervals of those points alone that are left of many', () => {
    const data = Array.from({ length: 1000 }, (_, at) => [64 * (at + 1), 1 + (at % 7)]);
    const markLine = {
      symbol: 'none',
      label: { show: false },
      lineStyle: { opacity: 0.35 },
      data: data.map(([x, y]) => [{ coord: [x, y! * 0.9] }, { coord: [x, y! * 1.1] }]),
    };
    const option = { ...copyCostChart(result)!.option, series: [{ type: 'line', data, markLine }] };
    const figure = chartFigure({ ...copyCostChart(result)!, file: 'many.svg', option }, null, 50);
    const shapes = elementsOfPart(String(figure));
    const bars = shapes.filter(({ attributes }) => attributes.get('stroke-opacity') === '0.35');
    const rows = shapes.filter(({ name }) => name === 'td').length;
    expect(bars.length).toBeGreaterThan(0);
    expect(bars.length).toBeLessThanOrEqual(2 * 52);
    expect(rows).toBeLessThanOrEqual(100);
  });

  it.each([
    ['pollution', pollutionChart(pollutionResult())],
    ['scaling', scalingChart(scalingResult(FOUR_CPUS))],
  ])('names the unit of each panel in both pictures: %s', (file, chart) => {
    const units = (chart!.option.yAxis as { name: string }[]).map(({ name }) => name).filter((name) => name !== '');
    const texts = elementsOfPart(String(chartFigure({ file, ...chart! }, null, ALL)))
      .filter(({ name }) => name === 'text')
      .map(({ text }) => text);
    expect(units.length).toBeGreaterThan(1);
    for (const unit of units) expect([unit, texts.filter((text) => text === unit).length]).not.toEqual([unit, 0]);
  });

  it('has names of lines beside the wide picture, and in the narrow one', () => {
    const chart = copyCostChart(result)!;
    const series = (chart.option.series as object[]).map((one) => ({
      ...one,
      markLine: { label: { formatter: '{b}', position: 'end' }, data: [{ name: 'L2 1 MiB', xAxis: 2 ** 20 }] },
    }));
    const figure = String(chartFigure({ ...chart, file: 'a.svg', option: { ...chart.option, series } }, null, ALL));
    const [wide, narrow] = figure.split('class="plot narrow"').map((part) => part.match(/<text[^>]*>L2 1 MiB</)![0]);
    expect(wide).not.toContain('matrix(0,-1');
    expect(narrow).toContain('matrix(0,-1');
  });
});
