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
import { dataCaches, hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, colourAt, drawn, titleOf } from './chart.js';
import { marksOnly, measuredLine, namedLines, pointAt, rounded } from './lines.js';
import { type Ends, endsOf, type Frame, OCTAVES_PER_TICK, panelChart, sizeAxis } from './panels.js';

const FRAME: Frame = { width: 1280, height: 620, left: 84, right: 28, gap: 48, top: 132, bottom: 112, heading: 44 };

/** Bands of the caches: the nearest is white, and memory the darkest. */
const BANDS = ['#ffffff', '#f1f1f1', '#e4e4e4', '#d7d7d7', '#cacaca'];
const MEASURED = '#555555';
const SEND_BUFFER = '#E69F00';
const FLOOR = '#000000';
/** How far beyond the medians intervals are drawn, at least. */
const ROOM = 1.2;

const timeText = (ns: number) => (ns >= 1000 ? `${ns / 1000} µs` : `${ns} ns`);

/** Sizes of the caches that hold data, as they are told, ascending; of several of a level the smallest. */
function toldCaches({ machine }: ResultDocument): { name: string; bytes: number }[] {
  const data = dataCaches(machine);
  const levels = [...new Set(data.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const sizes = data.flatMap((cache) => (cache.level === level && cache.bytes !== null ? [cache.bytes] : []));
    return sizes.length === 0 ? [] : [{ name: `L${level}`, bytes: Math.min(...sizes) }];
  });
}

/** A band for each cache, and one for memory. None where no cache is told. */
function bands(result: ResultDocument, { min, max }: Ends) {
  const caches = toldCaches(result);
  if (caches.length === 0) return [];
  const ends = [...caches.map(({ bytes: end }) => end), Number.POSITIVE_INFINITY];
  return ends.flatMap((end, at) => {
    const from = Math.max(min, ends[at - 1] ?? 0);
    const to = Math.min(max, end);
    if (from >= to) return [];
    const name = caches[at]?.name ?? 'memory';
    return [
      [{ name, xAxis: from, itemStyle: { color: BANDS[Math.min(at, BANDS.length - 1)], opacity: 0.7 } }, { xAxis: to }],
    ];
  });
}

/** Lines across a panel: measured knees, the largest send buffer, and the floor. */
function marks(result: ResultDocument, panel: readonly TemperatureLine[], floor: CellResult | undefined, sizes: Ends) {
  const isShown = (size: number) => size >= sizes.min && size <= sizes.max;
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
            yAxis: rounded(floor.summary.median),
            lineStyle: { color: FLOOR, type: 'solid', width: 1.5 },
            label: { position: 'insideStartTop', color: FLOOR, fontSize: 11 },
          },
        ]),
  ];
}

/**
 * Round ends around all medians, with room for intervals, so that panels have the same. A disturbance may take the end
 * of an interval a hundred times as far: it would press all lines together.
 */
function heightsOf(lines: readonly TemperatureLine[], floor: CellResult | undefined): Ends {
  const cells = [...lines.flatMap((line) => line.cells), ...(floor === undefined ? [] : [floor])];
  const medians = cells.map(({ summary }) => summary.median).filter((median) => median > 0);
  const top = ROOM * Math.max(...medians);
  const decade = 10 ** Math.floor(Math.log10(top));
  return {
    min: 10 ** Math.floor(Math.log10(Math.min(...medians) / ROOM)),
    max: [1, 2, 5, 10].map((part) => part * decade).find((end) => end >= top)!,
  };
}

/** What stands above the panel of a writer. */
function headingOf(writer: string): string {
  if (writer === 'aged') return 'aged: in no cache any more';
  return `queue written by ${writer === 'same core' ? 'the ' : ''}${writer}`;
}

/** Returns the picture; null without such cells. */
export const temperaturePlot = (result: ResultDocument): string | null => drawn(temperatureChart(result));

/** The same, not yet drawn. */
export function temperatureChart(result: ResultDocument): Chart | null {
  const cells = cellsShownAs(result, 'copy-temperature');
  const lines = temperatureLines(cells);
  if (lines.length === 0) return null;
  const floor = floorOf(cells);
  const kernels = [...new Set(lines.map(({ kernel }) => kernel))];
  const sizes = endsOf(lines.flatMap((line) => line.cells.map(queuedOf)));
  const heights = heightsOf(lines, floor);
  const shaded = { silent: true, label: { position: 'top', color: MEASURED }, data: bands(result, sizes) };
  const panels = [...new Set(lines.map(({ writer }) => writer))].map((writer, at) => {
    const here = lines.filter((line) => line.writer === writer);
    return {
      heading: { text: headingOf(writer) },
      x: { ...sizeAxis('bytes queued', sizes), interval: OCTAVES_PER_TICK },
      y: {
        type: 'log',
        name: at === 0 ? 'time per 64 KiB' : '',
        nameGap: 56,
        ...heights,
        axisLabel: { show: at === 0, formatter: timeText },
        minorTick: { show: true, splitNumber: 10 },
        minorSplitLine: { show: true, lineStyle: { color: '#eeeeee' } },
      },
      series: [
        { ...marksOnly(namedLines(marks(result, here, floor, sizes))), markArea: shaded },
        ...here.map(({ kernel, cells: copies }) => {
          const look = { colour: colourAt(kernels.indexOf(kernel)), pointSize: 4, width: 2 };
          const points = copies.map((cell) => pointAt(queuedOf(cell), cell.summary));
          return measuredLine(kernel, points, look, heights);
        }),
      ],
    };
  });
  const title = titleOf(
    'Copy temperature: the second copy of 64 KiB, by what lies queued between it and the first',
    'bars: intervals of the medians; shaded: caches as they are told; dashed and dotted: as measured',
    hostLine(result),
  );
  return panelChart(title, FRAME, { data: kernels }, panels);
}
