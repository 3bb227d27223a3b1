/**
 * Rates by number of CPUs: a line for each design and what its CPUs share, and for each copy kernel and where it
 * copies, with what every point is of the rate of one CPU. Pure.
 */

import type { CellResult, RatioResult, ResultDocument } from '../../bench/result/result.js';
import { MINIMAL_ROUNDS } from '../../bench/statistics/statistics.js';

export type ScalingPart = 'path' | 'copies';

/** The cells of a line, by number of CPUs, ascending. */
export interface ScalingLine {
  readonly part: ScalingPart;
  /** Design or copy kernel. */
  readonly of: string;
  /** What CPUs share, or where they copy. */
  readonly how: string;
  readonly cells: readonly CellResult[];
}

export const cpusOf = ({ params }: CellResult): number => Number(params.cpus);
/** What a point has that the one before has not; nothing for most. */
export const addedOf = ({ params }: CellResult): string => String(params.added ?? '');
export const nameOf = ({ of, how }: Pick<ScalingLine, 'of' | 'how'>): string => `${of} ${how}`;

const headOf = ({ params }: CellResult) => String(params.design ?? params.kernel);

/** A single CPU shares nothing: its cell begins both lines of its design, and is a line where there is no other. */
function pathLines(cells: readonly CellResult[]): ScalingLine[] {
  const designs = [...new Set(cells.map(headOf))];
  return designs.flatMap((of) => {
    const ofDesign = cells.filter((cell) => headOf(cell) === of);
    const one = ofDesign.filter(({ params }) => params.sharing === 'one');
    const sharings = [...new Set(ofDesign.map(({ params }) => String(params.sharing)))].filter((how) => how !== 'one');
    return (sharings.length === 0 ? ['one'] : sharings).map((how) => {
      const rest = how === 'one' ? [] : ofDesign.filter(({ params }) => params.sharing === how);
      return { part: 'path' as const, of, how, cells: [...one, ...rest] };
    });
  });
}

function copyLines(cells: readonly CellResult[]): ScalingLine[] {
  const lines = [...new Set(cells.map(({ params }) => JSON.stringify([params.kernel, params.place])))];
  return lines.map((line) => {
    const [of, how] = JSON.parse(line) as [string, string];
    return {
      part: 'copies' as const,
      of,
      how,
      cells: cells.filter(({ params }) => params.kernel === of && params.place === how),
    };
  });
}

/** In the order in which their first cells were measured, the path first. */
export function scalingLines(cells: readonly CellResult[]): ScalingLine[] {
  const of = (part: string) => cells.filter(({ params }) => params.part === part);
  const lines = [...pathLines(of('path')), ...copyLines(of('copies'))];
  return lines.map((line) => ({ ...line, cells: line.cells.toSorted((a, b) => cpusOf(a) - cpusOf(b)) }));
}

/** The cell of one CPU; undefined if it has no value. */
export function oneCpuOf({ cells }: ScalingLine): CellResult | undefined {
  return cells.find((cell) => cpusOf(cell) === 1);
}

/** What the rate of a cell is of that of another; undefined if no round has both. */
export function ratioOf({ ratios }: ResultDocument, of: CellResult, to: CellResult | undefined) {
  return to === undefined ? undefined : ratios.find((one) => one.of === of.id && one.to === to.id);
}

/** What each CPU is of one alone, as a share: the ratio to one CPU, divided by the number of CPUs. */
export function efficiencyOf(cell: CellResult, ratio: Pick<RatioResult, 'median'>): number {
  return ratio.median / cpusOf(cell);
}

/** Part of the rate of one CPU that another CPU adds at least where nothing ends it. */
const GAIN = 1 / 2;

/** Where more CPUs add little. */
export interface ScalingEnd {
  readonly cpus: number;
  /** Whether the intervals of the ratios to one CPU show it as well, and not only their medians. */
  readonly isSure: boolean;
}

/** One CPU beside itself. */
const ITSELF = { median: 1, low: 1, high: 1, rounds: Number.POSITIVE_INFINITY };

/**
 * The number of CPUs beyond which another one adds less than half of the rate of one CPU, by the medians of the ratios
 * to one CPU; null where that is nowhere.
 */
export function endOf(result: ResultDocument, line: ScalingLine): ScalingEnd | null {
  const one = oneCpuOf(line);
  if (one === undefined) return null;
  const points = line.cells.flatMap((cell) => {
    const toOne = cell === one ? ITSELF : ratioOf(result, cell, one);
    return toOne === undefined ? [] : [{ cpus: cpusOf(cell), ...toOne }];
  });
  const pairs = points.slice(1).map((point, at) => ({ before: points[at]!, point }));
  const least = ({ before, point }: (typeof pairs)[number]) => GAIN * (point.cpus - before.cpus);
  const end = pairs.find((pair) => pair.point.median - pair.before.median < least(pair));
  if (end === undefined) return null;
  const { before, point } = end;
  const isEnough = Math.min(before.rounds, point.rounds) >= MINIMAL_ROUNDS;
  return { cpus: before.cpus, isSure: isEnough && point.high - before.low < least(end) };
}
