/**
 * Scaling: rates by number of CPUs, a panel for the transmit path and one for bare copies, both axes as logarithms, so
 * that what grows with the CPUs is a straight line.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import {
  addedOf,
  cpusOf,
  nameOf,
  oneCpuOf,
  type ScalingLine,
  type ScalingPart,
  scalingLines,
} from '../speed/scaling-lines.js';
import { hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, COLOURS, drawn } from './chart.js';

const WIDTH = 1280;
const HEIGHT = 620;
const LEFT = 84;
const RIGHT = 28;
const GAP = 84;
const TOP = 132;
const BOTTOM = 112;

const MARK = '#555555';
/** How far beyond the medians and ideal lines the axis goes, at least. */
const ROOM = 1.15;
/** CPUs of the right end where there is one CPU only: an axis has two ends. */
const FEWEST = 2;

const PANELS: Readonly<Record<ScalingPart, { title: string; unit: string }>> = {
  path: { title: 'transmit path', unit: 'Gbit/s' },
  copies: { title: 'bare copies', unit: 'GB/s' },
};
/** Solid: what is alone or its own; dashed: what all CPUs share, or memory. */
const DASHED: readonly string[] = ['shared', 'memory'];

const number = (value: number) => Number(value.toPrecision(5));

/** Ends of the y axis. */
type Heights = Readonly<Record<'min' | 'max', number>>;

/** Powers of two around all medians and ideal lines. A disturbance may take the end of an interval far away. */
function heightsOf(lines: readonly ScalingLine[], most: number): Heights {
  const medians = lines.flatMap(({ cells }) => cells.map(({ summary }) => summary.median)).filter((rate) => rate > 0);
  const ideal = lines.map((line) => (oneCpuOf(line)?.summary.median ?? 0) * most);
  const [low, high] = [Math.min(...medians) / ROOM, Math.max(...medians, ...ideal) * ROOM];
  return { min: 2 ** Math.floor(Math.log2(low)), max: 2 ** Math.ceil(Math.log2(high)) };
}

/** Bars from the low to the high end of each interval, as far as they are within the axis. */
function intervals(cells: readonly CellResult[], colour: string, { min, max }: Heights) {
  const within = (rate: number) => number(Math.min(max, Math.max(min, rate)));
  return {
    symbol: 'none',
    silent: true,
    label: { show: false },
    lineStyle: { color: colour, type: 'solid', width: 3, opacity: 0.35 },
    data: cells.map((cell) => {
      const x = cpusOf(cell);
      const { low, high } = cell.summary;
      return [{ coord: [x, within(low)] }, { coord: [x, within(high)] }];
    }),
  };
}

/** Lines down a panel: at each number of CPUs that has something new. */
function marks(lines: readonly ScalingLine[]) {
  const added = new Map(lines.flatMap(({ cells }) => cells.map((cell) => [cpusOf(cell), addedOf(cell)])));
  return [...added]
    .filter(([, text]) => text !== '')
    .map(([cpus, name]) => ({
      name,
      xAxis: cpus,
      lineStyle: { color: MARK, type: 'dashed', width: 1 },
      label: { position: 'insideEndBottom', rotate: 90, fontSize: 10, color: MARK },
    }));
}

function seriesOf(line: ScalingLine, colour: string, panel: number, heights: Heights, most: number) {
  const axes = { type: 'line', xAxisIndex: panel, yAxisIndex: panel };
  const one = oneCpuOf(line)?.summary.median;
  const ideal = {
    ...axes,
    name: 'ideal',
    symbol: 'none',
    silent: true,
    lineStyle: { color: colour, width: 1.2, type: 'dotted' },
    data: [1, most].map((cpus) => [cpus, number((one ?? 0) * cpus)]),
  };
  const measured = {
    ...axes,
    name: nameOf(line),
    symbolSize: 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type: DASHED.includes(line.how) ? 'dashed' : 'solid' },
    data: line.cells.map((cell) => [cpusOf(cell), number(cell.summary.median)]),
    markLine: intervals(line.cells, colour, heights),
  };
  return one === undefined ? [measured] : [ideal, measured];
}

/** Returns the picture; null without such cells. */
export const scalingPlot = (result: ResultDocument): string | null => drawn(scalingChart(result));

/** The same, not yet drawn. */
export function scalingChart(result: ResultDocument): Chart | null {
  const lines = scalingLines(cellsShownAs(result, 'scaling'));
  if (lines.length === 0) return null;
  const panels = (['path', 'copies'] as const)
    .map((part) => ({ ...PANELS[part], lines: lines.filter((line) => line.part === part) }))
    .filter((panel) => panel.lines.length > 0);
  const width = (WIDTH - LEFT - RIGHT - GAP * (panels.length - 1)) / panels.length;
  const left = (panel: number) => LEFT + panel * (width + GAP);
  const most = Math.max(FEWEST, ...lines.flatMap(({ cells }) => cells.map(cpusOf)));
  const ends = panels.map((panel) => heightsOf(panel.lines, most));
  const series = panels.flatMap((panel, at) => {
    const names = [...new Set(panel.lines.map(({ of }) => of))];
    const axes = { type: 'line', xAxisIndex: at, yAxisIndex: at };
    const marked = { symbol: 'none', silent: true, label: { formatter: '{b}' }, data: marks(panel.lines) };
    return [
      { ...axes, name: 'marks', data: [], markLine: marked },
      ...panel.lines.flatMap((line) => {
        // Copies have colours of their own: a copy kernel is no design.
        const colour = COLOURS[(names.indexOf(line.of) + 3 * at) % COLOURS.length]!;
        return seriesOf(line, colour, at, ends[at]!, most);
      }),
    ];
  });
  const head = 'bars: intervals of the medians; dotted: what each would be if it grew with the CPUs';
  return {
    option: {
      title: [
        {
          text: 'Scaling: rates by number of CPUs',
          subtext: `${head}\n${hostLine(result)}`,
          left: 16,
          textStyle: { fontSize: 18 },
          subtextStyle: { fontSize: 12, lineHeight: 16 },
        },
        ...panels.map(({ title }, at) => ({
          text: title,
          left: left(at) + width / 2,
          top: TOP - 44,
          textAlign: 'center',
          textStyle: { fontSize: 13 },
        })),
      ],
      legend: { bottom: 8, itemGap: 12, textStyle: { fontSize: 11 }, data: lines.map(nameOf) },
      grid: panels.map((_, at) => ({ left: left(at), width, top: TOP, bottom: BOTTOM })),
      xAxis: panels.map((_, at) => ({
        type: 'log',
        gridIndex: at,
        logBase: 2,
        name: 'CPUs',
        nameLocation: 'middle',
        nameGap: 28,
        min: 1,
        max: most,
        axisLabel: { hideOverlap: true },
      })),
      yAxis: panels.map(({ unit }, at) => ({
        type: 'log',
        gridIndex: at,
        logBase: 2,
        name: unit,
        nameLocation: 'middle',
        nameGap: 52,
        ...ends[at]!,
        axisLabel: { formatter: (value: number) => String(value) },
        minorSplitLine: { show: true, lineStyle: { color: '#eeeeee' } },
      })),
      series,
    },
    width: WIDTH,
    height: HEIGHT,
  };
}
