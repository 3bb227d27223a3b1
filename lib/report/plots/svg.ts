/**
 * The pictures of a result: the cores that 100 Gbit/s cost, the cost of a copy by its size and by what lies queued,
 * rates by number of CPUs, what bounces cost others, and the speed of the CPUs.
 */

import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { CORE_PARTS, coresText, costOf } from '../costs/costs.js';
import { conditions, describe, designOf, headline } from '../tables/conditions.js';
import { bytes } from '../tables/format.js';
import { cacheCount, dataCaches, hostLine } from '../tables/host-line.js';
import { pricedDesigns } from '../tables/prices.js';
import { cellsShownAs, copyCells } from '../tables/specs.js';
import { type Chart, colourAt, drawn, type NamedChart, titleOf } from './chart.js';
import { namedLines, TOLD } from './lines.js';
import { pollutionChart } from './pollution-plot.js';
import { scalingChart } from './scaling-plot.js';
import { speedChart } from './speed-plot.js';
import { surfaceChart } from './surface-plot.js';
import { temperatureChart } from './temperature-plot.js';

const WIDTH = 960;
const HEIGHT = 540;

/** The total of a bar, with half the width of its interval where the result has that. */
function totalOf(cells: readonly CellResult[]) {
  return ({ dataIndex }: { dataIndex: number }) => coresText(costOf(cells[dataIndex]!));
}

/** The bars: all designs whose prices were measured, or else those of the headline condition. */
function pricedCells(result: ResultDocument): readonly CellResult[] {
  const priced = pricedDesigns(result).map(({ cell }) => cell);
  return priced.length > 0 ? priced : (headline(conditions(result))?.cells ?? []);
}

/** Stacked bars, one per design whose cost is given; null if there is none. */
export function coresChart(result: ResultDocument): Chart | null {
  const cells = pricedCells(result).filter((cell) => costOf(cell) !== null);
  if (cells.length === 0) return null;
  const { design: _design, ...params } = cells[0]!.params;
  return {
    option: {
      title: titleOf('CPU cores per 100 Gbit/s', describe(params), hostLine(result)),
      legend: { bottom: 8, itemGap: 36 },
      grid: { left: 120, right: 96, top: 96, bottom: 88 },
      xAxis: { type: 'value', name: 'cores (memory to memory, a lower bound)', nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'category', inverse: true, data: cells.map(designOf), axisTick: { show: false } },
      series: CORE_PARTS.map(({ key, name }, index) => ({
        name,
        type: 'bar',
        stack: 'cores',
        barWidth: '55%',
        data: cells.map((cell) => Number(costOf(cell)!.parts[key].cores.toFixed(4))),
        label: { show: index === CORE_PARTS.length - 1, position: 'right', formatter: totalOf(cells) },
      })),
    },
    width: WIDTH,
    height: HEIGHT,
  };
}

/** One colour per copy kernel; dashed where the destination is not in the caches. */
function line(cells: readonly CellResult[], name: string, colour: string) {
  const dashed = cells[0]!.params.state !== 'hot';
  const points = cells
    .map(({ params, summary }) => [Number(params.size), Number(params.size) / summary.median] as const)
    .sort((a, b) => a[0] - b[0]);
  return {
    name,
    type: 'line',
    symbolSize: 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type: dashed ? 'dashed' : 'solid' },
    data: points.map(([size, rate]) => [size, Number(rate.toFixed(3))]),
  };
}

/** Vertical marks at the sizes of the caches that hold data: as they are told, and as they were measured. */
function cacheMarks({ machine }: ResultDocument) {
  const knees = (machine.cacheKnees ?? []).map(({ bytes: size }) => ({
    name: 'measured',
    xAxis: size,
    lineStyle: { color: '#555555', type: 'dashed' },
    label: { position: 'insideEndTop', rotate: 90 },
  }));
  const told = dataCaches(machine).flatMap((cache) =>
    cache.bytes === null ? [] : { name: `L${cache.level} ${cacheCount(cache)}`, xAxis: cache.bytes },
  );
  return namedLines([...told, ...knees], TOLD);
}

/** Bytes per nanosecond by size, one line per copy kernel and state of the destination; null without such cells. */
export function copyCostChart(result: ResultDocument): Chart | null {
  const cells = copyCells(cellsShownAs(result, 'copy-rates'));
  if (cells.length === 0) return null;
  const copyKernels = [...new Set(cells.map(({ params }) => params.kernel))];
  const names = [...new Set(cells.map(({ params }) => `${params.kernel} ${params.state}`))];
  const series = names.map((name) => {
    const ofLine = cells.filter(({ params }) => `${params.kernel} ${params.state}` === name);
    return line(ofLine, name, colourAt(copyKernels.indexOf(ofLine[0]!.params.kernel)));
  });
  const sizes = cells.map(({ params }) => Number(params.size));
  return {
    option: {
      title: titleOf(
        'Copy rate by size',
        'solid: as hot as their size allows; dashed: flushed from the caches before each copy',
        hostLine(result),
      ),
      legend: { bottom: 8, itemGap: 28 },
      grid: { left: 80, right: 40, top: 120, bottom: 112 },
      xAxis: {
        type: 'log',
        logBase: 2,
        name: 'bytes per copy',
        nameLocation: 'middle',
        nameGap: 28,
        min: Math.min(...sizes),
        max: Math.max(...sizes),
        axisLabel: { formatter: (value: number) => bytes(value) },
      },
      // Linear, rates of caches would press all that happens in memory onto the axis.
      yAxis: { type: 'log', logBase: 2, name: 'GB/s', nameLocation: 'middle', nameGap: 44 },
      series: series.map((one, index) => (index === 0 ? { ...one, markLine: cacheMarks(result) } : one)),
    },
    width: WIDTH,
    height: HEIGHT,
  };
}

/** The bars as an SVG document; null if no cost is given. */
export const coresPlot = (result: ResultDocument): string | null => drawn(coresChart(result));

/** The rates of copies as an SVG document; null without such cells. */
export const copyCostPlot = (result: ResultDocument): string | null => drawn(copyCostChart(result));

/** Each kind of picture that a result may have, by the name of its file. */
export const CHARTS: Readonly<Record<string, (result: ResultDocument) => Chart | null>> = {
  'cores-per-100-gbit.svg': coresChart,
  'copy-cost.svg': copyCostChart,
  'copy-surface.svg': surfaceChart,
  'copy-temperature.svg': temperatureChart,
  'scaling.svg': scalingChart,
  'pollution.svg': pollutionChart,
  'cpu-speed.svg': speedChart,
};

/** Returns every chart that the result has data for, not yet drawn. Pure. */
export function charts(result: ResultDocument): NamedChart[] {
  return Object.entries(CHARTS).flatMap(([file, chartOf]) => {
    const chart = chartOf(result);
    return chart === null ? [] : { file, ...chart };
  });
}
