/**
 * The second copy by the length of the queue before it: a line for each copy kernel and writer of the queue, where it
 * gets slower, and the floor. Pure.
 */
import type { CellResult } from '../../bench/result/result.js';
import { findKnees, type Knee } from '../../bench/statistics/knees.js';
import { FRAG_BYTES } from '../../page/page-source.js';

/** The second copies of a copy kernel from queues that one writer wrote, by length of the queue, ascending. */
export interface TemperatureLine {
  readonly kernel: string;
  readonly writer: string;
  readonly cells: readonly CellResult[];
}

export const queuedOf = ({ params }: CellResult): number => Number(params.queued);

/** The line that a mark stands for: of what Linux copies with, if it was measured. */
export const USUAL_KERNEL = 'movsb';

/** In the order in which their first cells were measured. */
export function temperatureLines(cells: readonly CellResult[]): TemperatureLine[] {
  const lines = new Map<string, { kernel: string; writer: string; cells: CellResult[] }>();
  for (const cell of cells.filter(({ params }) => params.part === 'second copy')) {
    const [kernel, writer] = [String(cell.params.kernel), String(cell.params.writer)];
    const key = JSON.stringify([kernel, writer]);
    const line = lines.get(key) ?? { kernel, writer, cells: [] };
    lines.set(key, line);
    line.cells.push(cell);
  }
  return [...lines.values()].map((line) => ({
    ...line,
    cells: line.cells.toSorted((a, b) => queuedOf(a) - queuedOf(b)),
  }));
}

/** The cell of the floor; undefined if it has no value. */
export function floorOf(cells: readonly CellResult[]): CellResult | undefined {
  return cells.find(({ params }) => params.part === 'floor');
}

/** Queues from here on are copied by whole fragments; for shorter ones a knee would be one of shorter copies. */
const WHOLE_FRAGMENTS_BYTES = 2 * FRAG_BYTES;

/** Lengths of the queue from which on the copies of a line are slower. */
export function kneesOf({ cells }: TemperatureLine): Knee[] {
  const points = cells.map((cell) => ({
    bytes: queuedOf(cell),
    ns: cell.samples.filter((value) => value !== null && value > 0) as number[],
  }));
  const measured = points.filter(({ bytes, ns }) => bytes >= WHOLE_FRAGMENTS_BYTES && ns.length > 0);
  return findKnees({ bytes: measured.map(({ bytes }) => bytes), ns: measured.map(({ ns }) => ns) });
}

/** The line of the usual copy kernel, or of the first one, from queues that the same core wrote. */
export function usualLine(lines: readonly TemperatureLine[]): TemperatureLine | undefined {
  const here = lines.filter(({ writer }) => writer === 'same core');
  return here.find(({ kernel }) => kernel === USUAL_KERNEL) ?? here[0];
}

/** The cell of the longest queue that a send buffer may hold; undefined where that is not known, or shorter. */
export function atSendBuffer(
  line: TemperatureLine,
  sendBufferBytes: number | null | undefined,
): CellResult | undefined {
  return line.cells.findLast((cell) => queuedOf(cell) <= (sendBufferBytes ?? 0));
}
