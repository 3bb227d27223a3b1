/**
 * Pollution of caches: by how much bounces slow a victim down, over its working set and by copy kernel, on the core of
 * the sender and beside it; and what the copies themselves, and reads of devices, take.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { bounceParts, bouncingKernels, type VictimRow, victimRows } from '../speed/pollution-lines.js';
import { bytes } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, COLOURS, drawn } from './chart.js';

const WIDTH = 1280;
const HEIGHT = 560;
const LEFT = 84;
const RIGHT = 28;
const GAP = 64;
const TOP = 124;
const BOTTOM = 104;
/** Of a full run, whose victims are walked after several numbers of packets, this one is drawn. */
const PACKETS = 4;
/** How far beyond the medians intervals are drawn, at least. */
const ROOM = 1.2;
/** Between points of copy kernels at one place. */
const APART = 0.14;
const QUIET = '#555555';

/** A median with its interval. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

interface Panel {
  readonly title: string;
  readonly kind: 'victims' | 'times';
  /** Of times: what is at 0, 1, 2 and so on. */
  readonly places: readonly string[];
  /** By copy kernel. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

const number = (value: number) => Number(value.toPrecision(5));

function victimPanel(title: string, rows: readonly VictimRow[], kernels: readonly string[]): Panel[] {
  if (rows.length === 0) return [];
  const lines = kernels.map((kernel): [string, Point[]] => {
    const points = rows.flatMap(({ workingSet, slowed }) =>
      slowed
        .filter((one) => one.kernel === kernel)
        .map(({ ratio: { median, low, high } }): Point => ({ x: workingSet, y: median, low, high })),
    );
    return [kernel, points];
  });
  return [{ title, kind: 'victims', places: [], lines: new Map(lines) }];
}

function timesPanel(cells: readonly CellResult[], kernels: readonly string[]): Panel[] {
  const parts = bounceParts(cells).filter(({ name }) => name !== 'whole path');
  if (parts.length === 0) return [];
  const places = parts.map(({ name }) => name.replace('device, ', 'read, ').replaceAll(' ', '\n'));
  const lines = kernels.map((kernel, at): [string, Point[]] => {
    const shift = (at - (kernels.length - 1) / 2) * APART;
    const points = parts.flatMap(({ cells: ofKernels }, place): Point[] => {
      const summary = ofKernels.get(kernel)?.summary;
      if (summary === undefined) return [];
      const { median, low, high } = summary;
      return [{ x: number(place + shift), y: median / 1000, low: low / 1000, high: high / 1000 }];
    });
    return [kernel, points];
  });
  return [{ title: 'copy, and read by a device', kind: 'times', places, lines: new Map(lines) }];
}

function panelsOf(cells: readonly CellResult[], kernels: readonly string[]): Panel[] {
  const onCore = victimRows(cells, 'same core');
  const packets = onCore.some((row) => row.packets === PACKETS) ? PACKETS : onCore[0]?.packets;
  const besides = victimRows(cells, 'neighbour');
  const paces = [...new Set(besides.map(({ pace }) => pace))];
  return [
    ...victimPanel(
      `victim on the core, after ${packets} packets`,
      onCore.filter((row) => row.packets === packets),
      kernels,
    ),
    ...paces.flatMap((pace) =>
      victimPanel(
        `neighbour, sender ${pace === 'paced' ? 'paced' : `at ${pace}`}`,
        besides.filter((row) => row.pace === pace),
        kernels,
      ),
    ),
    ...timesPanel(cells, kernels),
  ];
}

/** Ends of an axis. */
type Range = Readonly<Record<'min' | 'max', number>>;

const pointsOf = ({ lines }: Panel) => [...lines.values()].flat();

/** Powers of two around all ratios, so that panels have the same; of times from 0. */
function heightsOf(panels: readonly Panel[], kind: Panel['kind']): Range {
  const values = panels.filter((panel) => panel.kind === kind).flatMap((panel) => pointsOf(panel).map(({ y }) => y));
  const top = ROOM * Math.max(...values, 1);
  if (kind === 'times') return { min: 0, max: Math.ceil(top) };
  return { min: 2 ** Math.floor(Math.log2(Math.min(...values, 1) / ROOM)), max: 2 ** Math.ceil(Math.log2(top)) };
}

function axesOf(panel: Panel, at: number, heights: Range) {
  const sizes = pointsOf(panel).map(({ x }) => x);
  const isFirst = at === 0;
  const x =
    panel.kind === 'victims'
      ? {
          type: 'log',
          logBase: 2,
          name: 'working set, bytes',
          min: Math.min(...sizes) / 2,
          max: Math.max(...sizes) * 2,
          axisLabel: { formatter: (value: number) => bytes(value), hideOverlap: true },
        }
      : {
          type: 'value',
          name: '',
          min: -1,
          max: panel.places.length,
          interval: 1,
          splitLine: { show: false },
          axisLabel: { formatter: (value: number) => panel.places[Math.round(value)] ?? '', fontSize: 10 },
        };
  const y =
    panel.kind === 'victims'
      ? { type: 'log', logBase: 2, name: isFirst ? 'time of a load, to no bounce' : '' }
      : { type: 'value', name: 'µs per 64 KiB', axisLine: { onZero: false } };
  return {
    x: { ...x, gridIndex: at, nameLocation: 'middle', nameGap: 28 },
    y: { ...y, ...heights, gridIndex: at, nameLocation: 'middle', nameGap: 40 },
  };
}

/** Bars from the low to the high end of each interval, as far as they are within the axis. */
function intervals(points: readonly Point[], colour: string, { min, max }: Range) {
  const within = (value: number) => number(Math.min(max, Math.max(min, value)));
  return {
    symbol: 'none',
    silent: true,
    label: { show: false },
    lineStyle: { color: colour, type: 'solid', width: 3, opacity: 0.35 },
    data: points.map(({ x, low, high }) => [{ coord: [x, within(low)] }, { coord: [x, within(high)] }]),
  };
}

/** Returns the picture; null without such cells. */
export const pollutionPlot = (result: ResultDocument): string | null => drawn(pollutionChart(result));

/** The same, not yet drawn. */
export function pollutionChart(result: ResultDocument): Chart | null {
  const cells = cellsShownAs(result, 'pollution');
  const kernels = bouncingKernels(cells);
  const panels = panelsOf(cells, kernels).filter((panel) => pointsOf(panel).length > 0);
  if (panels.length === 0) return null;
  const heights = { victims: heightsOf(panels, 'victims'), times: heightsOf(panels, 'times') };
  const width = (WIDTH - LEFT - RIGHT - GAP * (panels.length - 1)) / panels.length;
  const left = (at: number) => LEFT + at * (width + GAP);
  const axes = panels.map((panel, at) => axesOf(panel, at, heights[panel.kind]));
  const series = panels.flatMap((panel, at) =>
    kernels.map((kernel, index) => {
      const colour = COLOURS[index % COLOURS.length]!;
      const points = panel.lines.get(kernel)!;
      const isTimes = panel.kind === 'times';
      return {
        type: 'line',
        name: kernel,
        xAxisIndex: at,
        yAxisIndex: at,
        symbolSize: isTimes ? 8 : 5,
        itemStyle: { color: colour },
        // Points of times are of different things: no line leads from one to the next.
        lineStyle: { color: colour, width: isTimes ? 0 : 2 },
        data: points.map(({ x, y }) => [x, number(y)]),
        markLine: intervals(points, colour, heights[panel.kind]),
      };
    }),
  );
  const head = 'bars: intervals of the medians, as far as they are within the axis';
  return {
    option: {
      title: [
        {
          text: 'Pollution of caches: what bounces cost others, by copy kernel',
          subtext: `${head}\n${hostLine(result)}`,
          left: 16,
          textStyle: { fontSize: 18 },
          subtextStyle: { fontSize: 12, lineHeight: 16 },
        },
        ...panels.map(({ title }, at) => ({
          text: title,
          left: left(at) + width / 2,
          top: TOP - 32,
          textAlign: 'center',
          textStyle: { fontSize: 13, color: QUIET },
        })),
      ],
      legend: { bottom: 8, itemGap: 28, data: kernels },
      grid: panels.map((_, at) => ({ left: left(at), width, top: TOP, bottom: BOTTOM })),
      xAxis: axes.map(({ x }) => x),
      yAxis: axes.map(({ y }) => y),
      series,
    },
    width: WIDTH,
    height: HEIGHT,
  };
}
