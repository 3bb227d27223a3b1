/**
 * The copy surface: bytes copied per second over the size of a copy, a panel for each pair of states, and a line for
 * each copy kernel. Where a copy kernel reads lines before it writes them, more is moved than is copied.
 */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { copiedOf, different, kernelOf, movedOf, partOf, sizeOf, statesOf } from '../speed/surface-lines.js';
import { dataCaches, hostLine } from '../tables/host-line.js';
import { cellsShownAs } from '../tables/specs.js';
import { type Chart, colourAt, drawn, titleOf } from './chart.js';
import { marksOnly, measuredLine, namedLines, type Point, TOLD } from './lines.js';
import { type Ends, type Frame, OCTAVES, OCTAVES_PER_TICK, octavesAround, panelChart, sizeAxis } from './panels.js';

const FRAME: Frame = { width: 1280, height: 616, left: 76, right: 28, gap: 48, top: 148, bottom: 112, heading: 60 };

/** The rate of a cell; that of the longest time is the lowest. */
function pointOf(cell: CellResult): Point {
  const size = sizeOf(cell);
  return { x: size, y: copiedOf(cell), low: size / cell.summary.high, high: size / cell.summary.low };
}

/** Sizes of the caches that hold data, as they are told. */
const caches = ({ machine }: ResultDocument, { min, max }: Ends) =>
  dataCaches(machine).flatMap(({ level, bytes }) =>
    bytes === null || bytes < min || bytes > max ? [] : [{ name: `L${level}`, xAxis: bytes }],
  );

/** How many bytes are moved for each that is copied, by copy kernels that share a panel: `moved: 2 to 3 B per byte`. */
function movedText(cells: readonly CellResult[]): string {
  const factors = cells.flatMap((cell) => {
    const rate = cell.ledger.gigabytesPerSecond ?? 0;
    const moved = movedOf(cell);
    return moved === null || rate <= 0 ? [] : [Math.round((10 * moved) / rate) / 10];
  });
  if (factors.length === 0) return '';
  const [least, most] = [Math.min(...factors), Math.max(...factors)];
  return `moved: ${least === most ? `${least}` : `${least} to ${most}`} B per byte`;
}

/** Returns the picture; null without such cells. */
export const surfacePlot = (result: ResultDocument): string | null => drawn(surfaceChart(result));

/** The same, not yet drawn. */
export function surfaceChart(result: ResultDocument): Chart | null {
  const cells = partOf(cellsShownAs(result, 'copy-surface'), 'sizes').filter(({ summary }) => summary.median > 0);
  if (cells.length === 0) return null;
  const kernels = different(cells, kernelOf);
  const sizes = octavesAround(cells.map(sizeOf));
  const rates = octavesAround(cells.map(copiedOf));
  const panels = different(cells, statesOf).map((states, at) => {
    const here = cells.filter((cell) => statesOf(cell) === states);
    const lines = kernels.map((kernel, index) => {
      const points = here.filter((cell) => kernelOf(cell) === kernel).sort((a, b) => sizeOf(a) - sizeOf(b));
      return measuredLine(kernel, points.map(pointOf), { colour: colourAt(index), pointSize: 4, width: 2 }, rates);
    });
    return {
      heading: { text: states, subtext: movedText(here), itemGap: 2, subtextStyle: { fontSize: 11 } },
      x: { ...sizeAxis('bytes per copy', sizes), interval: OCTAVES_PER_TICK },
      y: {
        ...OCTAVES,
        name: at === 0 ? 'GB/s copied' : '',
        nameGap: 48,
        ...rates,
        axisLabel: { show: at === 0 },
      },
      series: [marksOnly(namedLines(caches(result, sizes), TOLD)), ...lines],
    };
  });
  const title = titleOf(
    'Copy surface: bytes copied per second, by size and state of both sides',
    'bars: intervals of the medians; dotted: caches as they are told',
    hostLine(result),
  );
  return panelChart(title, FRAME, { data: kernels }, panels);
}
