/**
 * The copy surface: bytes copied per second over the size of a copy, a panel for each pair of states, and a line for
 * each copy kernel. Where a copy kernel reads lines before it writes them, more is moved than is copied.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { copiedOf, different, kernelOf, movedOf, partOf, sizeOf, statesOf } from '../speed/surface-lines.js';
import { bytes } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, COLOURS, drawn } from './chart.js';

const WIDTH = 1280;
const HEIGHT = 616;
const LEFT = 76;
const RIGHT = 28;
const GAP = 48;
const TOP = 148;
const BOTTOM = 112;
/** Between two labels of the x axis. */
const OCTAVES_PER_TICK = 4;

const number = (value: number) => Number(value.toPrecision(5));

/** Ends of an axis. */
type Range = Readonly<Record<'min' | 'max', number>>;

function rangeOf(values: readonly number[]): Range {
  return {
    min: 2 ** Math.floor(Math.log2(Math.min(...values))),
    max: 2 ** Math.ceil(Math.log2(Math.max(...values))),
  };
}

/** Bars from the low to the high end of each interval, as far as they are within the axis. */
function intervals(cells: readonly CellResult[], colour: string, { min, max }: Range) {
  const within = (rate: number) => number(Math.min(max, Math.max(min, rate)));
  return {
    symbol: 'none',
    silent: true,
    label: { show: false },
    lineStyle: { color: colour, type: 'solid', width: 3, opacity: 0.35 },
    data: cells.map((cell) => {
      const size = sizeOf(cell);
      const { low, high } = cell.summary;
      return [{ coord: [size, within(size / high)] }, { coord: [size, within(low > 0 ? size / low : max)] }];
    }),
  };
}

/** Sizes of the caches that hold data, as they are told. */
function caches({ machine }: ResultDocument, { min, max }: Range) {
  const data = (machine.caches ?? []).filter(({ type }) => type !== 'Instruction');
  return data.flatMap(({ level, bytes: size }) =>
    size === null || size < min || size > max ? [] : [{ name: `L${level}`, xAxis: size }],
  );
}

/** How many bytes are moved for each that is copied, by copy kernels that share a panel: `×2 to ×3`. */
function movedText(cells: readonly CellResult[]): string {
  const factors = cells.flatMap((cell) => {
    const rate = cell.ledger.gigabytesPerSecond ?? 0;
    const moved = movedOf(cell);
    return moved === null || rate <= 0 ? [] : [Math.round((10 * moved) / rate) / 10];
  });
  if (factors.length === 0) return '';
  const [least, most] = [Math.min(...factors), Math.max(...factors)];
  return `\nmoved: ${least === most ? `${least}` : `${least} to ${most}`} B per byte`;
}

/** Returns the picture; null without such cells. */
export const surfacePlot = (result: ResultDocument): string | null => drawn(surfaceChart(result));

/** The same, not yet drawn. */
export function surfaceChart(result: ResultDocument): Chart | null {
  const cells = partOf(cellsShownAs(result, 'copy-surface'), 'sizes').filter(({ summary }) => summary.median > 0);
  if (cells.length === 0) return null;
  const panels = different(cells, statesOf);
  const kernels = different(cells, kernelOf);
  const sizes = rangeOf(cells.map(sizeOf));
  const rates = rangeOf(cells.map(copiedOf));
  const width = (WIDTH - LEFT - RIGHT - GAP * (panels.length - 1)) / panels.length;
  const left = (panel: number) => LEFT + panel * (width + GAP);
  const series = panels.flatMap((states, panel) => {
    const axes = { type: 'line', xAxisIndex: panel, yAxisIndex: panel };
    const marks = {
      symbol: 'none',
      silent: true,
      lineStyle: { color: '#888888', type: 'dotted', width: 1 },
      label: { formatter: '{b}', position: 'end', rotate: 0, color: '#555555' },
      data: caches(result, sizes),
    };
    const lines = kernels.map((kernel) => {
      const colour = COLOURS[kernels.indexOf(kernel) % COLOURS.length]!;
      const points = cells
        .filter((cell) => statesOf(cell) === states && kernelOf(cell) === kernel)
        .sort((a, b) => sizeOf(a) - sizeOf(b));
      return {
        ...axes,
        name: kernel,
        symbolSize: 4,
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: 2 },
        data: points.map((cell) => [sizeOf(cell), number(copiedOf(cell))]),
        markLine: intervals(points, colour, rates),
      };
    });
    return [{ ...axes, name: 'caches', data: [], markLine: marks }, ...lines];
  });
  return {
    option: {
      title: [
        {
          text: 'Copy surface: bytes copied per second, by size and state of both sides',
          subtext: `bars: intervals of the medians; dotted: caches as they are told\n${hostLine(result)}`,
          left: 16,
          textStyle: { fontSize: 18 },
          subtextStyle: { fontSize: 12, lineHeight: 16 },
        },
        ...panels.map((states, panel) => ({
          text: states,
          subtext: movedText(cells.filter((cell) => statesOf(cell) === states)).trim(),
          left: left(panel) + width / 2,
          top: TOP - 60,
          textAlign: 'center',
          itemGap: 2,
          textStyle: { fontSize: 13 },
          subtextStyle: { fontSize: 11 },
        })),
      ],
      legend: { bottom: 8, itemGap: 28, data: kernels },
      grid: panels.map((_, panel) => ({ left: left(panel), width, top: TOP, bottom: BOTTOM })),
      xAxis: panels.map((_, panel) => ({
        type: 'log',
        gridIndex: panel,
        logBase: 2,
        name: 'bytes per copy',
        nameLocation: 'middle',
        nameGap: 28,
        ...sizes,
        interval: OCTAVES_PER_TICK,
        axisLabel: { formatter: (value: number) => bytes(value), hideOverlap: true },
      })),
      yAxis: panels.map((_, panel) => ({
        type: 'log',
        gridIndex: panel,
        logBase: 2,
        name: panel === 0 ? 'GB/s copied' : '',
        nameLocation: 'middle',
        nameGap: 48,
        ...rates,
        axisLabel: { show: panel === 0 },
      })),
      series,
    },
    width: WIDTH,
    height: HEIGHT,
  };
}
