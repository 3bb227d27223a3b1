/**
 * What the schema of a result cannot say: how its parts fit each other. A document that a run or a series wrote always
 * does; one that does not was damaged or edited, and numbers of it would be told of the wrong cells. Pure.
 */
import { shown } from './document-kind.js';

interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

interface Cell {
  readonly id: string;
  readonly samples: readonly unknown[];
  readonly durationsMs: readonly unknown[];
  readonly startedMs?: readonly unknown[] | undefined;
  readonly pulsesNs?: readonly unknown[] | undefined;
  readonly ledgerSamples?: Readonly<Record<string, readonly unknown[]>> | undefined;
  readonly summary: Interval;
  readonly atFullSpeed?: { readonly summary: Interval | null } | undefined;
  readonly cores?: (Interval & { readonly parts: Readonly<Record<string, Interval>> }) | undefined;
}

interface Pair extends Interval {
  readonly of: string;
  readonly to: string;
  readonly atFullSpeed?: Interval | null | undefined;
  readonly parts?: Readonly<Record<string, Interval>> | undefined;
}

interface Sizes {
  readonly smallest: Interval;
  readonly largest: Interval;
}

/** The parts of a result that have to fit each other. */
export interface FittingParts {
  readonly sampledBy: 'round' | 'run' | 'call';
  readonly results: readonly Cell[];
  readonly ratios: readonly Pair[];
  readonly costDifferences: readonly Pair[];
  readonly breakEvens: readonly Sizes[];
  readonly crossings: readonly Sizes[];
  readonly runs?: readonly FittingParts[] | undefined;
}

/** Where parts do not fit, and why. */
export interface Misfit {
  readonly path: string;
  readonly reason: string;
}

/** Ends the search: it is thrown and caught in this file only. */
class Found {
  readonly misfit: Misfit;

  constructor(path: string, reason: string) {
    this.misfit = { path, reason };
  }
}

function checkInterval(interval: Interval | null | undefined, path: string): void {
  if (!interval || interval.low === null || interval.high === null || interval.low <= interval.high) return;
  throw new Found(path, `low is above high: ${interval.low}, ${interval.high}`);
}

function checkParts(parts: Readonly<Record<string, Interval>> | undefined, path: string): void {
  for (const key in parts) checkInterval(parts[key], `${path}.parts.${key}`);
}

function checkCell(cell: Cell, path: string): void {
  const count = cell.samples.length;
  const check = (values: readonly unknown[] | undefined, name: string) => {
    if (values === undefined || values.length === count) return;
    throw new Found(`${path}.${name}`, `has ${values.length} entries, and \`samples\` has ${count}`);
  };
  check(cell.durationsMs, 'durationsMs');
  check(cell.startedMs, 'startedMs');
  check(cell.pulsesNs, 'pulsesNs');
  for (const key in cell.ledgerSamples) check(cell.ledgerSamples[key], `ledgerSamples.${key}`);
  checkInterval(cell.summary, `${path}.summary`);
  checkInterval(cell.atFullSpeed?.summary, `${path}.atFullSpeed.summary`);
  checkInterval(cell.cores, `${path}.cores`);
  checkParts(cell.cores?.parts, `${path}.cores`);
}

/** Checks the cells and returns their ids. */
function checkCells(cells: readonly Cell[], path: string): Set<string> {
  const ids = new Map<string, number>();
  for (const [at, cell] of cells.entries()) {
    const first = ids.get(cell.id);
    if (first !== undefined) throw new Found(`${path}.${at}.id`, `is that of entry ${first}, too: ${shown(cell.id)}`);
    ids.set(cell.id, at);
    checkCell(cell, `${path}.${at}`);
  }
  return new Set(ids.keys());
}

function checkPairs(pairs: readonly Pair[], path: string, ids: ReadonlySet<string>): void {
  for (const [at, pair] of pairs.entries()) {
    for (const end of ['of', 'to'] as const) {
      if (!ids.has(pair[end])) throw new Found(`${path}.${at}.${end}`, `is no cell of it: ${shown(pair[end])}`);
    }
    checkInterval(pair, `${path}.${at}`);
    checkInterval(pair.atFullSpeed, `${path}.${at}.atFullSpeed`);
    checkParts(pair.parts, `${path}.${at}`);
  }
}

function checkSizes(all: readonly Sizes[], path: string): void {
  for (const [at, { smallest, largest }] of all.entries()) {
    checkInterval(smallest, `${path}.${at}.smallest`);
    checkInterval(largest, `${path}.${at}.largest`);
  }
}

function check(parts: FittingParts, prefix: string): void {
  const ids = checkCells(parts.results, `${prefix}results`);
  checkPairs(parts.ratios, `${prefix}ratios`, ids);
  checkPairs(parts.costDifferences, `${prefix}costDifferences`, ids);
  checkSizes(parts.breakEvens, `${prefix}breakEvens`);
  checkSizes(parts.crossings, `${prefix}crossings`);
  const { sampledBy, runs = [] } = parts;
  if (sampledBy === 'run' && runs.length === 0) {
    throw new Found(`${prefix}runs`, 'has no run, and `sampledBy` says that samples are runs');
  }
  for (const [at, run] of runs.entries()) check(run, `${prefix}runs.${at}.`);
}

/** Returns the first place at which the parts of a result do not fit each other; null if they do. */
export function misfitOf(parts: FittingParts): Misfit | null {
  try {
    check(parts, '');
    return null;
  } catch (error) {
    if (error instanceof Found) return error.misfit;
    throw error;
  }
}
