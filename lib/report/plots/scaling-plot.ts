/**
 * Scaling: rates by number of CPUs, a panel for the transmit path and one for bare copies, both axes as logarithms, so
 * that what grows with the CPUs is a straight line.
 */
import type { ResultDocument } from '../../bench/result/result.js';
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
import { type Chart, colourAt, drawn, type Part, titleOf } from './chart.js';
import { marksOnly, measuredLine, namedLines, pointAt, rounded } from './lines.js';
import { type Ends, type Frame, OCTAVES, octavesAround, panelChart } from './panels.js';

const FRAME: Frame = { width: 1280, height: 620, left: 84, right: 28, gap: 84, top: 132, bottom: 112, heading: 44 };

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

/** Powers of two around all medians and ideal lines. A disturbance may take the end of an interval far away. */
function heightsOf(lines: readonly ScalingLine[], most: number): Ends {
  const medians = lines.flatMap(({ cells }) => cells.map(({ summary }) => summary.median));
  const ideal = lines.map((line) => (oneCpuOf(line)?.summary.median ?? 0) * most);
  return octavesAround(
    [...medians, ...ideal].filter((rate) => rate > 0),
    ROOM,
  );
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

/** What a line would be if it grew with the CPUs; none where it has no rate of one CPU. */
function idealOf(line: ScalingLine, colour: string, most: number): Part[] {
  const one = oneCpuOf(line)?.summary.median;
  if (one === undefined) return [];
  return [
    {
      type: 'line',
      name: 'ideal',
      symbol: 'none',
      silent: true,
      lineStyle: { color: colour, width: 1.2, type: 'dotted' },
      data: [1, most].map((cpus) => [cpus, rounded(one * cpus)]),
    },
  ];
}

function seriesOf(line: ScalingLine, colour: string, heights: Ends, most: number): Part[] {
  const points = line.cells.map((cell) => pointAt(cpusOf(cell), cell.summary));
  const look = { colour, pointSize: 5, width: 2, isDashed: DASHED.includes(line.how) };
  return [...idealOf(line, colour, most), measuredLine(nameOf(line), points, look, heights)];
}

/** Returns the picture; null without such cells. */
export const scalingPlot = (result: ResultDocument): string | null => drawn(scalingChart(result));

/** The same, not yet drawn. */
export function scalingChart(result: ResultDocument): Chart | null {
  const lines = scalingLines(cellsShownAs(result, 'scaling'));
  if (lines.length === 0) return null;
  const most = Math.max(FEWEST, ...lines.flatMap(({ cells }) => cells.map(cpusOf)));
  const panels = (['path', 'copies'] as const)
    .map((part) => ({ ...PANELS[part], here: lines.filter((line) => line.part === part) }))
    .filter(({ here }) => here.length > 0)
    .map(({ title, unit, here }, at) => {
      const names = [...new Set(here.map(({ of }) => of))];
      const heights = heightsOf(here, most);
      // Copies have colours of their own: a copy kernel is no design.
      const colourOf = (line: ScalingLine) => colourAt(names.indexOf(line.of) + 3 * at);
      return {
        heading: { text: title },
        x: { ...OCTAVES, name: 'CPUs', min: 1, max: most, axisLabel: { hideOverlap: true } },
        y: {
          ...OCTAVES,
          name: unit,
          nameGap: 52,
          ...heights,
          axisLabel: { formatter: (value: number) => String(value) },
          minorSplitLine: { show: true, lineStyle: { color: '#eeeeee' } },
        },
        series: [
          marksOnly(namedLines(marks(here))),
          ...here.flatMap((line) => seriesOf(line, colourOf(line), heights, most)),
        ],
      };
    });
  const head = 'bars: intervals of the medians; dotted: what each would be if it grew with the CPUs';
  const title = titleOf('Scaling: rates by number of CPUs', head, hostLine(result));
  const legend = { itemGap: 12, textStyle: { fontSize: 11 }, data: lines.map(nameOf) };
  return panelChart(title, FRAME, legend, panels);
}
