/**
 * Copy temperature: the time of the second copy of 64 KiB over the bytes that lie queued before it, a panel for each
 * writer of the queue, and the floor that is left of it where the first copy writes to slots.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import {
  floorOf,
  kneesOf,
  queuedOf,
  type TemperatureLine,
  temperatureLines,
  usualLine,
} from '../speed/temperature-lines.js';
import { bytes, nanoseconds } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, COLOURS, drawn } from './chart.js';

const WIDTH = 1280;
const HEIGHT = 620;
const LEFT = 84;
const RIGHT = 28;
const GAP = 48;
const TOP = 132;
const BOTTOM = 112;

/** Bands of the caches: the nearest is white, and memory the darkest. */
const BANDS = ['#ffffff', '#f1f1f1', '#e4e4e4', '#d7d7d7', '#cacaca'];
const MEASURED = '#555555';
const SEND_BUFFER = '#E69F00';
const FLOOR = '#000000';
/** How far beyond the medians intervals are drawn, at least. */
const ROOM = 1.2;
/** Between two labels of the x axis. */
const OCTAVES_PER_TICK = 4;

const number = (value: number) => Number(value.toPrecision(5));
const timeText = (ns: number) => (ns >= 1000 ? `${ns / 1000} µs` : `${ns} ns`);

/** Ends of the x axis, bytes. */
type Range = Readonly<Record<'smallest' | 'largest', number>>;

/** Sizes of the caches that hold data, as they are told, ascending; of several of a level the smallest. */
function toldCaches({ machine }: ResultDocument): { name: string; bytes: number }[] {
  const data = (machine.caches ?? []).filter(({ type }) => type !== 'Instruction');
  const levels = [...new Set(data.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const sizes = data.flatMap((cache) => (cache.level === level && cache.bytes !== null ? [cache.bytes] : []));
    return sizes.length === 0 ? [] : [{ name: `L${level}`, bytes: Math.min(...sizes) }];
  });
}

/** A band for each cache, and one for memory. None where no cache is told. */
function bands(result: ResultDocument, { smallest, largest }: Range) {
  const caches = toldCaches(result);
  if (caches.length === 0) return [];
  const ends = [...caches.map(({ bytes: end }) => end), Number.POSITIVE_INFINITY];
  return ends.flatMap((end, at) => {
    const from = Math.max(smallest, ends[at - 1] ?? 0);
    const to = Math.min(largest, end);
    if (from >= to) return [];
    const name = caches[at]?.name ?? 'memory';
    return [
      [{ name, xAxis: from, itemStyle: { color: BANDS[Math.min(at, BANDS.length - 1)], opacity: 0.7 } }, { xAxis: to }],
    ];
  });
}

/** Lines across a panel: measured knees, the largest send buffer, and the floor. */
function marks(result: ResultDocument, panel: readonly TemperatureLine[], floor: CellResult | undefined, range: Range) {
  const isShown = (size: number) => size >= range.smallest && size <= range.largest;
  const usual = usualLine(panel.map((line) => ({ ...line, writer: 'same core' })));
  const ofLoads = (result.machine.cacheKnees ?? []).map(({ bytes: size }) => ({ size, name: 'loads slower' }));
  const ofCopies = (usual === undefined ? [] : kneesOf(usual)).map(({ bytes: size }) => ({
    size,
    name: `${usual!.kernel} slower`,
  }));
  const vertical = { position: 'insideEndTop', rotate: 90, fontSize: 10 } as const;
  // Below the floor is no line: knees of loads and of copies may be near to each other.
  const atFoot = { ...vertical, position: 'insideStartTop' } as const;
  const ofType = (knees: typeof ofLoads, type: string) => knees.map((knee) => ({ ...knee, type }));
  const knees = [...ofType(ofLoads, 'dotted'), ...ofType(ofCopies, 'dashed')];
  const sendBuffer = result.machine.kernel.sendBufferMaxBytes ?? null;
  // Left of its line is room for its name only where no other line is near.
  const isLeft = ofLoads.every(({ size }) => size > (sendBuffer ?? 0) || 4 * size < (sendBuffer ?? 0));
  return [
    ...knees
      .filter(({ size }) => isShown(size))
      .map(({ size, name, type }) => ({
        name,
        xAxis: size,
        lineStyle: { color: MEASURED, type, width: 1 },
        label: { ...(type === 'dashed' ? atFoot : vertical), color: MEASURED },
      })),
    ...(sendBuffer === null || !isShown(sendBuffer)
      ? []
      : [
          {
            name: `tcp_wmem ${bytes(sendBuffer)}`,
            xAxis: sendBuffer,
            lineStyle: { color: SEND_BUFFER, type: 'solid', width: 1.5 },
            label: { ...vertical, position: isLeft ? 'insideEndTop' : 'insideEndBottom', color: '#8a5f00' },
          },
        ]),
    ...(floor === undefined
      ? []
      : [
          {
            name: `floor ${nanoseconds(floor.summary.median)}: slots and page type, no copy`,
            yAxis: number(floor.summary.median),
            lineStyle: { color: FLOOR, type: 'solid', width: 1.5 },
            label: { position: 'insideStartTop', color: FLOOR, fontSize: 11 },
          },
        ]),
  ];
}

/** Bars from the low to the high end of each interval, as far as they are within the axis. */
function intervals(cells: readonly CellResult[], colour: string, { min, max }: Heights) {
  const within = (ns: number) => number(Math.min(max, Math.max(min, ns)));
  return {
    symbol: 'none',
    silent: true,
    label: { show: false },
    lineStyle: { color: colour, type: 'solid', width: 3, opacity: 0.35 },
    data: cells.map((cell) => {
      const x = queuedOf(cell);
      const { low, high } = cell.summary;
      return [{ coord: [x, within(low)] }, { coord: [x, within(high)] }];
    }),
  };
}

/** Returns the picture; null without such cells. */
export const temperaturePlot = (result: ResultDocument): string | null => drawn(temperatureChart(result));

/** The same, not yet drawn. */
export function temperatureChart(result: ResultDocument): Chart | null {
  const cells = cellsShownAs(result, 'copy-temperature');
  const lines = temperatureLines(cells);
  if (lines.length === 0) return null;
  const floor = floorOf(cells);
  const writers = [...new Set(lines.map(({ writer }) => writer))];
  const kernels = [...new Set(lines.map(({ kernel }) => kernel))];
  const sizes = lines.flatMap((line) => line.cells.map(queuedOf));
  const range = { smallest: Math.min(...sizes), largest: Math.max(...sizes) };
  const heights = heightsOf(lines, floor);
  const width = (WIDTH - LEFT - RIGHT - GAP * (writers.length - 1)) / writers.length;
  const left = (panel: number) => LEFT + panel * (width + GAP);
  const series = writers.flatMap((writer, panel) => {
    const here = lines.filter((line) => line.writer === writer);
    const axes = { type: 'line', xAxisIndex: panel, yAxisIndex: panel };
    return [
      {
        ...axes,
        name: 'marks',
        data: [],
        markArea: { silent: true, label: { position: 'top', color: MEASURED }, data: bands(result, range) },
        markLine: {
          symbol: 'none',
          silent: true,
          label: { formatter: '{b}' },
          data: marks(result, here, floor, range),
        },
      },
      ...here.map(({ kernel, cells: points }) => {
        const colour = COLOURS[kernels.indexOf(kernel) % COLOURS.length]!;
        return {
          ...axes,
          name: kernel,
          symbolSize: 4,
          itemStyle: { color: colour },
          lineStyle: { color: colour, width: 2 },
          data: points.map((cell) => [queuedOf(cell), number(cell.summary.median)]),
          markLine: intervals(points, colour, heights),
        };
      }),
    ];
  });
  const head = 'bars: intervals of the medians; shaded: caches as they are told; dashed and dotted: as measured';
  return {
    option: {
      title: [
        {
          text: 'Copy temperature: the second copy of 64 KiB, by what lies queued between it and the first',
          subtext: `${head}\n${hostLine(result)}`,
          left: 16,
          textStyle: { fontSize: 18 },
          subtextStyle: { fontSize: 12, lineHeight: 16 },
        },
        ...writers.map((writer, panel) => ({
          text:
            writer === 'aged'
              ? 'aged: in no cache any more'
              : `queue written by ${writer === 'same core' ? 'the ' : ''}${writer}`,
          left: left(panel) + width / 2,
          top: TOP - 44,
          textAlign: 'center',
          textStyle: { fontSize: 13 },
        })),
      ],
      legend: { bottom: 8, itemGap: 28, data: kernels },
      grid: writers.map((_, panel) => ({ left: left(panel), width, top: TOP, bottom: BOTTOM })),
      xAxis: writers.map((_, panel) => ({
        type: 'log',
        gridIndex: panel,
        logBase: 2,
        name: 'bytes queued',
        nameLocation: 'middle',
        nameGap: 28,
        min: range.smallest,
        max: range.largest,
        interval: OCTAVES_PER_TICK,
        axisLabel: { formatter: (value: number) => bytes(value), hideOverlap: true },
      })),
      yAxis: writers.map((_, panel) => ({
        type: 'log',
        gridIndex: panel,
        name: panel === 0 ? 'time per 64 KiB' : '',
        nameLocation: 'middle',
        nameGap: 56,
        ...heights,
        axisLabel: { show: panel === 0, formatter: timeText },
        minorTick: { show: true, splitNumber: 10 },
        minorSplitLine: { show: true, lineStyle: { color: '#eeeeee' } },
      })),
      series,
    },
    width: WIDTH,
    height: HEIGHT,
  };
}

/** Ends of the y axis, nanoseconds. */
type Heights = Readonly<Record<'min' | 'max', number>>;

/**
 * Round ends around all medians, with room for intervals, so that panels have the same. A disturbance may take the end
 * of an interval a hundred times as far: it would press all lines together.
 */
function heightsOf(lines: readonly TemperatureLine[], floor: CellResult | undefined): Heights {
  const cells = [...lines.flatMap((line) => line.cells), ...(floor === undefined ? [] : [floor])];
  const medians = cells.map(({ summary }) => summary.median).filter((median) => median > 0);
  const top = ROOM * Math.max(...medians);
  const decade = 10 ** Math.floor(Math.log10(top));
  return {
    min: 10 ** Math.floor(Math.log10(Math.min(...medians) / ROOM)),
    max: [1, 2, 5, 10].map((part) => part * decade).find((end) => end >= top)!,
  };
}
