/**
 * How much a number of one run varies from run to run on the same host, where too few runs are there to see it: by the
 * interval that the run gives it, and by what intervals do not hold. Pure.
 */
import { median } from 'simple-statistics';
import { normalTail } from '../statistics/normal-tail.js';
import type { Measured, RunFacts } from './run-facts.js';

/**
 * Standard deviation between runs that intervals of single runs do not hold, as a share: docs/design/0036 has what
 * recorded runs of one host had. Taken where fewer than five runs of the same host tell.
 */
export const RUN_FLOOR = 0.05;

/** Of a host with at least five runs, their own deviation counts instead. */
const TELLING_RUNS = 5;

const QUANTILE = 1.959964;

/** By the key of a number: standard deviation of its logarithm over runs of one host. */
export type RunDeviations = ReadonlyMap<string, number>;

/** Returns the squares of the distances from the mean, added up. */
function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(squares(values) / (values.length - 1));
}

/**
 * Returns the deviations of the numbers of which runs of one host tell: at least five in one group, or more in several,
 * each around the mean of its own group, because groups may differ in what is compared. Five single runs that are
 * compared tell, too: what they differ in then counts as variation, which makes nothing significant that is not.
 */
export function deviationsOf(groups: readonly (readonly RunFacts[])[]): RunDeviations {
  const values = new Map<string, number[][]>();
  for (const [at, runs] of groups.entries()) {
    for (const { numbers } of runs) {
      for (const [key, number] of numbers) {
        const all = values.get(key) ?? groups.map(() => []);
        values.set(key, all);
        all[at]!.push(Math.log(number.median));
      }
    }
  }
  const known = [...values].flatMap(([key, perGroup]): [string, number][] => {
    const having = perGroup.filter(({ length }) => length > 0);
    const count = having.flat().length;
    const within = count - having.length;
    if (within >= TELLING_RUNS - 1) {
      return [[key, Math.sqrt(having.reduce((sum, group) => sum + squares(group), 0) / within)]];
    }
    return count >= TELLING_RUNS ? [[key, deviation(having.flat())]] : [];
  });
  return new Map(known);
}

/** One side of a comparison of few runs: the logarithm of its number, and the variance of that. */
interface Side {
  readonly middle: number;
  readonly variance: number;
}

/** Returns null if no run of the side has an interval. */
function sideOf(numbers: readonly Measured[], known: number | undefined): Side | null {
  const spreads = numbers.flatMap(({ spread }) => spread ?? []);
  if (spreads.length === 0) return null;
  const ofRun = known ?? Math.hypot(median(spreads), RUN_FLOOR);
  const logs = numbers.map((number) => Math.log(number.median));
  const seen = logs.length > 1 ? deviation(logs) : 0;
  return { middle: median(logs), variance: Math.max(ofRun, seen) ** 2 / logs.length };
}

export interface FewRunsVerdict {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number;
}

/**
 * Compares the numbers of few runs. `known`: deviations from run to run of this number on the host of each side, where
 * enough runs tell. Null if a side has no interval.
 */
export function compareFewRuns(
  of: readonly Measured[],
  to: readonly Measured[],
  known: readonly [number | undefined, number | undefined],
): FewRunsVerdict | null {
  const [above, below] = [sideOf(of, known[0]), sideOf(to, known[1])];
  if (above === null || below === null) return null;
  const spread = Math.sqrt(above.variance + below.variance);
  const distance = above.middle - below.middle;
  return {
    ratio: Math.exp(distance),
    low: Math.exp(distance - QUANTILE * spread),
    high: Math.exp(distance + QUANTILE * spread),
    chance: distance === 0 ? 1 : Math.min(1, 2 * normalTail(Math.abs(distance) / spread)),
  };
}
