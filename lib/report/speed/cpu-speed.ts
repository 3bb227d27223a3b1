/**
 * How fast the CPUs were during a run, from the pulses beside the samples: what share of the samples was taken at full
 * speed, a strip that draws the run, and the results at full speed beside those as found.
 */
import { isAtFullSpeed, speedOf } from '../../bench/result/full-speed.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { conditions, designOf, headline, ratioToBaseline } from '../tables/conditions.js';
import { count, measured, percent, ratio } from '../tables/format.js';
import { table } from '../tables/table.js';

/** One sample: when it began, milliseconds since the run was called for, and the speed beside it. */
export interface SpeedPoint {
  readonly atMs: number;
  /** Of the slowest CPU, as a share of its fastest pulse in the run. */
  readonly speed: number;
  readonly isFull: boolean;
}

type Run = Pick<ResultDocument, 'results' | 'environment'>;

const createdMs = ({ environment }: Run) => Date.parse(environment.created);

/** `shiftMs`: when the run began, since the first of its series. `fastest`: the pulses of full speed. */
function pointsOf({ results }: Run, shiftMs: number, fastest: readonly number[]): SpeedPoint[] {
  return results.flatMap(({ startedMs = [], pulsesNs = [] }) =>
    startedMs.flatMap((atMs, at) => {
      const speed = speedOf(pulsesNs[at] ?? [], fastest);
      return speed === null ? [] : [{ atMs: shiftMs + atMs, speed, isFull: isAtFullSpeed(pulsesNs[at]!, fastest) }];
    }),
  );
}

/**
 * Returns the samples that have a pulse, in the order of the run; none in files from before pulses. Of several runs all
 * samples of all runs.
 */
export function speedPoints(result: ResultDocument): SpeedPoint[] {
  const { pulse, runs } = result;
  const fastest = pulse?.fastestNs ?? [];
  const all: readonly Run[] = runs ?? [result];
  const first = Math.min(...all.map(createdMs));
  const points = all.flatMap((run) => pointsOf(run, createdMs(run) - first, fastest));
  return points.sort((one, other) => one.atMs - other.atMs);
}

const COLUMNS = 56;
const BLOCKS = '▁▂▃▄▅▆▇█';
const PLAIN = '.:-=+*%#';

/**
 * Draws the run from left to right: the height of a column is the slowest sample in its part of the time, a full column
 * is full speed, and a space is a part without samples. Samples that all began at 0, as the first run of several does,
 * are in the first column. `isPlain`: of ASCII.
 */
export function speedStrip(points: readonly SpeedPoint[], isPlain: boolean): string {
  const levels = isPlain ? PLAIN : BLOCKS;
  const end = points.at(-1)?.atMs ?? 0;
  const columns = new Array<number | null>(COLUMNS).fill(null);
  for (const { atMs, speed, isFull } of points) {
    const at = end === 0 ? 0 : Math.min(COLUMNS - 1, Math.floor((atMs / end) * COLUMNS));
    const level = isFull ? levels.length - 1 : Math.min(levels.length - 2, Math.floor(speed * levels.length));
    columns[at] = Math.min(columns[at] ?? levels.length, level);
  }
  return columns.map((level) => (level === null ? ' ' : levels[level]!)).join('');
}

/** What a cell is at full speed, with the number of samples that says it. */
function atFullSpeed(cell: CellResult): string {
  const { samples, summary } = cell.atFullSpeed!;
  return `${summary === null ? '-' : measured(summary)} (${samples} of ${cell.samples.length})`;
}

/** The designs of the headline at full speed beside what was found; empty where all samples were at full speed. */
function besides(result: ResultDocument): string[] {
  const condition = headline(conditions(result));
  const cells = (condition?.cells ?? []).filter(({ atFullSpeed }) => atFullSpeed !== undefined);
  if (condition === null || cells.every((cell) => cell.atFullSpeed!.samples === cell.samples.length)) return [];
  const rows = cells.map((cell) => {
    const found = ratioToBaseline(result, condition, cell);
    const fast = found?.atFullSpeed ?? null;
    return [
      designOf(cell),
      measured(cell.summary),
      atFullSpeed(cell),
      found === null ? '' : ratio(found),
      fast === null ? '' : ratio(fast),
    ];
  });
  const head = ['design', 'Gbit/s as found', 'at full speed', 'x bounce as found', 'at full speed'];
  return ['', table(head, rows, 1)];
}

/** Returns what a report says of the speed of the CPUs; no line where no pulse was taken. `isPlain`: of ASCII. */
export function cpuSpeedLines(result: ResultDocument, isPlain: boolean): string[] {
  const points = speedPoints(result);
  if (points.length === 0) return [];
  const full = points.filter(({ isFull }) => isFull).length;
  const within = percent(result.pulse!.factor - 1);
  const end = points.at(-1)!.atMs / 1000;
  const share = percent(full / points.length);
  return [
    `${share} of ${count(points.length, 'sample')}, within ${within} of the fastest pulse of each CPU`,
    `0 s |${speedStrip(points, isPlain)}| ${end.toFixed(0)} s`,
    `${isPlain ? PLAIN.at(-1) : 'full height'}: full speed; less: the slowest sample just then, as a share of it; ` +
      `${isPlain ? `lowest ${PLAIN[0]}; ` : ''}blank: no sample, or warm-up`,
    ...besides(result),
  ];
}
