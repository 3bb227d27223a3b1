/**
 * Pollution of caches: by how much bounces slow a victim down, over its working set and by copy kernel, on the core of
 * the sender and beside it; and what the copies themselves, and reads of devices, take.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { bounceParts, bouncingKernels, type VictimRow, victimRows } from '../speed/pollution-lines.js';
import { hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, colourAt, drawn, type Part, titleOf } from './chart.js';
import { measuredLine, type Point, pointAt, rounded } from './lines.js';
import { type Ends, endsOf, type Frame, OCTAVES, octavesAround, panelChart, sizeAxis } from './panels.js';

const FRAME: Frame = { width: 1280, height: 560, left: 84, right: 28, gap: 64, top: 124, bottom: 104, heading: 32 };
/** Of a full run, whose victims are walked after several numbers of packets, this one is drawn. */
const PACKETS = 4;
/** How far beyond the medians intervals are drawn, at least. */
const ROOM = 1.2;
/** Between points of copy kernels at one place. */
const APART = 0.14;
const QUIET = '#555555';

/** What a panel shows. */
interface Shown {
  readonly title: string;
  readonly kind: 'victims' | 'times';
  /** Of times: what is at 0, 1, 2 and so on. */
  readonly places: readonly string[];
  /** By copy kernel. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

function victimPanel(title: string, rows: readonly VictimRow[], kernels: readonly string[]): Shown[] {
  if (rows.length === 0) return [];
  const lines = kernels.map((kernel): [string, Point[]] => {
    const points = rows.flatMap(({ workingSet, slowed }) =>
      slowed.filter((one) => one.kernel === kernel).map(({ ratio }) => pointAt(workingSet, ratio)),
    );
    return [kernel, points];
  });
  return [{ title, kind: 'victims', places: [], lines: new Map(lines) }];
}

function timesPanel(cells: readonly CellResult[], kernels: readonly string[]): Shown[] {
  const parts = bounceParts(cells).filter(({ name }) => name !== 'whole path');
  if (parts.length === 0) return [];
  const places = parts.map(({ name }) => name.replace('device, ', 'read, ').replaceAll(' ', '\n'));
  const lines = kernels.map((kernel, at): [string, Point[]] => {
    const shift = (at - (kernels.length - 1) / 2) * APART;
    const points = parts.flatMap(({ cells: ofKernels }, place): Point[] => {
      const summary = ofKernels.get(kernel)?.summary;
      if (summary === undefined) return [];
      const { median, low, high } = summary;
      return [{ x: rounded(place + shift), y: median / 1000, low: low / 1000, high: high / 1000 }];
    });
    return [kernel, points];
  });
  return [{ title: 'copy, and read by a device', kind: 'times', places, lines: new Map(lines) }];
}

function shownOf(cells: readonly CellResult[], kernels: readonly string[]): Shown[] {
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

const pointsOf = ({ lines }: Shown) => [...lines.values()].flat();

/** Powers of two around all ratios, so that panels have the same; of times from 0. */
function heightsOf(panels: readonly Shown[], kind: Shown['kind']): Ends {
  const values = panels.filter((panel) => panel.kind === kind).flatMap((panel) => pointsOf(panel).map(({ y }) => y));
  if (kind === 'times') return { min: 0, max: Math.ceil(ROOM * Math.max(...values, 1)) };
  return octavesAround([...values, 1], ROOM);
}

/** Slowdowns by size of the working set, or times beside each other. `isFirst`: panels of one unit name it once. */
function axesOf(panel: Shown, isFirst: boolean, heights: Ends): Readonly<Record<'x' | 'y', Part>> {
  if (panel.kind === 'victims') {
    const { min, max } = endsOf(pointsOf(panel).map(({ x }) => x));
    return {
      x: sizeAxis('working set, bytes', { min: min / 2, max: max * 2 }),
      y: { ...OCTAVES, name: isFirst ? 'time of a load, to no bounce' : '', nameGap: 40, ...heights },
    };
  }
  return {
    x: {
      type: 'value',
      name: '',
      min: -1,
      max: panel.places.length,
      interval: 1,
      splitLine: { show: false },
      axisLabel: { formatter: (value: number) => panel.places[Math.round(value)] ?? '', fontSize: 10 },
    },
    y: { type: 'value', name: 'µs per 64 KiB', axisLine: { onZero: false }, nameGap: 40, ...heights },
  };
}

/** Returns the picture; null without such cells. */
export const pollutionPlot = (result: ResultDocument): string | null => drawn(pollutionChart(result));

/** The same, not yet drawn. */
export function pollutionChart(result: ResultDocument): Chart | null {
  const cells = cellsShownAs(result, 'pollution');
  const kernels = bouncingKernels(cells);
  const shown = shownOf(cells, kernels).filter((panel) => pointsOf(panel).length > 0);
  if (shown.length === 0) return null;
  const heightsOfKind = { victims: heightsOf(shown, 'victims'), times: heightsOf(shown, 'times') };
  const panels = shown.map((panel, at) => {
    const heights = heightsOfKind[panel.kind];
    // Points of times are of different things: no line leads from one to the next.
    const look = panel.kind === 'times' ? { pointSize: 8, width: 0 } : { pointSize: 5, width: 2 };
    return {
      heading: { text: panel.title, textStyle: { fontSize: 13, color: QUIET } },
      ...axesOf(panel, at === 0, heights),
      series: kernels.map((kernel, index) =>
        measuredLine(kernel, panel.lines.get(kernel)!, { ...look, colour: colourAt(index) }, heights),
      ),
    };
  });
  const head = 'bars: intervals of the medians, as far as they are within the axis';
  const title = titleOf('Pollution of caches: what bounces cost others, by copy kernel', head, hostLine(result));
  return panelChart(title, FRAME, { data: kernels }, panels);
}
