import { describe, expect, it } from '@jest/globals';
import { CORE_PARTS } from '../../../lib/report/costs/costs.js';
import { chartTable, seriesOf, tipOf } from '../../../lib/report/html/chart-series.js';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { pollutionChart } from '../../../lib/report/plots/pollution-plot.js';
import { copyCostChart, coresChart } from '../../../lib/report/plots/svg.js';
import { pollutionResult } from '../fixtures/pollution.js';
import { copyCells, designCells, resultOf } from '../fixtures/result.js';

describe('the numbers of a chart', () => {
  const result = resultOf(designCells(), copyCells());

  it('are a row for each design, with the parts of its cost and their sum', () => {
    const { head, rows } = chartTable(coresChart(result)!);
    expect(head).toEqual(['', ...CORE_PARTS.map(({ name }) => name), 'all']);
    const designs = result.results.filter(({ params }) => params.design !== undefined);
    for (const [at, { params, ledger }] of designs.entries()) {
      const parts = CORE_PARTS.map(({ key }) => String(Number(ledger[key]!.toFixed(4))));
      expect(rows[at]!.slice(0, -1)).toEqual([params.design, ...parts]);
      const sum = CORE_PARTS.reduce((all, { key }) => all + ledger[key]!, 0);
      expect(rows[at]!.at(-1)).toContain(sum.toFixed(2));
    }
  });

  it('are a row for each size, with the rates of each copy kernel', () => {
    const { head, rows } = chartTable(copyCostChart(result)!);
    expect(head).toEqual(['bytes per copy', 'libc hot', 'movsb hot', 'libc cold', 'movsb cold']);
    expect(rows.map(([size]) => size)).toEqual(['64 B', '64 KiB', '128 MiB']);
    const cell = result.results.find(({ id }) => id.includes('movsb/hot') && id.includes('65536'))!;
    expect(Number(rows[1]![2])).toBeCloseTo(65536 / cell.summary.median, 3);
  });

  it('are in the order of the axis, also where a series has places that those before it lack', () => {
    const data = [
      [
        [8, 1],
        [64, 2],
      ],
      [
        [4, 3],
        [16, 4],
        [64, 5],
      ],
    ];
    const series = data.map((points, at) => ({ type: 'line', name: `line ${at}`, data: points }));
    const { rows } = chartTable({ option: { ...copyCostChart(result)!.option, series } });
    expect(rows).toEqual([
      ['4 B', '-', '3'],
      ['8 B', '1', '-'],
      ['16 B', '-', '4'],
      ['64 B', '2', '5'],
    ]);
  });

  it('are in the order of the panels, where those have other axes', () => {
    const { rows } = chartTable(pollutionChart(pollutionResult())!);
    const places = rows.map(([at]) => at!.replaceAll('\n', ' '));
    expect(places.slice(-3)).toEqual(['copy', 'read, same core', 'read, another core']);
    expect(places.slice(0, -3).every((at) => /^[\d.]+ [KM]iB$/.test(at))).toBe(true);
  });

  it('are told at each point, with the colour and the line of its series', () => {
    const shown = seriesOf(copyCostChart(result)!);
    expect(shown.map(({ colour, isDashed }) => [colour, isDashed])).toEqual([
      [COLOURS[0], false],
      [COLOURS[1], false],
      [COLOURS[0], true],
      [COLOURS[1], true],
    ]);
    const { value } = shown[2]!.points[1]!;
    expect(tipOf(shown[2]!, 1)).toBe(`libc cold, 64 KiB bytes per copy: ${value} GB/s`);
    expect(tipOf(shown[2]!, 9)).toBeNull();
  });
});
