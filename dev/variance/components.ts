/**
 * Parts the variance of a series into components: noise from sample to sample, weather of the host by time, place of
 * the memory, state of the threads, and process. The semivariance of a class of pairs is the sum of the components in
 * which the two differ, so the components follow by least squares; none is negative. Their intervals come from a
 * bootstrap that gives processes and blocks of time random weights, both at once: what differs by chance between
 * processes, and between the minutes in which they were measured. Pure.
 *
 * Sources: the identity of semivariances and components is that of the analysis of variance by pairs (Koch, 1967); the
 * bootstrap over two crossed factors at once is Owen's (The pigeonhole bootstrap, 2007), with weights instead of draws
 * (Owen and Eckles, 2012). It is conservative.
 */
import { type Random, random, seedFor } from '../../lib/random.js';
import { nonNegativeLeastSquares } from './least-squares.js';
import type { Series } from './observations.js';
import {
  blockOf,
  type Centre,
  LAG_STEPS,
  type PairClass,
  type PairWeights,
  pairClasses,
  semivariance,
} from './pairs.js';

export const COMPONENTS = ['noise', 'seconds', 'minute', 'minutes', 'memory', 'threads', 'process'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** Variances of logarithms. */
export type Components = Readonly<Record<ComponentName, number>>;

export interface ComponentEstimate {
  readonly variance: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

export interface Estimate {
  readonly id: string;
  readonly kind: Series['kind'];
  readonly observations: number;
  readonly components: Readonly<Record<ComponentName, ComponentEstimate>>;
  /** The components of each draw of the bootstrap. */
  readonly draws: readonly Components[];
}

const RESAMPLES = 100;
const TAIL = 0.025;
/** Fits, each with the weights that follow from the one before. */
const FITS = 4;

function rowOf({ relation, steps }: PairClass): number[] {
  const weather = LAG_STEPS.map((_, step) => Number(steps > step));
  return [1, ...weather, Number(relation.memory), Number(relation.threads), Number(relation.process)];
}

const named = (values: readonly number[]): Components =>
  Object.fromEntries(COMPONENTS.map((name, at) => [name, values[at] ?? 0])) as Components;

/**
 * Fits components to semivariances. A class with a large semivariance is known less exactly, in proportion to it, and
 * one with many pairs better, but not in proportion to them: pairs share observations.
 */
function fit(classes: readonly PairClass[], semivariances: readonly number[]): number[] {
  const known = classes.map((_, at) => at).filter((at) => Number.isFinite(semivariances[at]));
  const rows = known.map((at) => rowOf(classes[at]!));
  const values = known.map((at) => semivariances[at]!);
  let expected = values;
  let result: number[] = [];
  for (let round = 0; round < FITS; round++) {
    const floor = 1e-3 * Math.max(...expected);
    const weights = known.map((at, row) => Math.sqrt(classes[at]!.pairs) / Math.max(expected[row]!, floor) ** 2);
    result = nonNegativeLeastSquares(rows, values, weights.every(Number.isFinite) ? weights : known.map(() => 1));
    expected = rows.map((row) => row.reduce((sum, part, at) => sum + part * result[at]!, 0));
  }
  return result;
}

/** Exponential weights: what draws with replacement would give on average, without zeros. */
const drawnWeights = (next: Random, count: number) => Float64Array.from({ length: count }, () => -Math.log(1 - next()));

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Returns the components of a series, with intervals. `resamples`: 0 for no intervals. */
export function estimateComponents(
  { id, kind, observations }: Series,
  centre: Centre,
  seed: number,
  resamples = RESAMPLES,
): Estimate {
  const next = random(seedFor(seed, `components ${id}`));
  const classes = pairClasses(observations, next);
  const componentsBy = (weights: PairWeights | null) =>
    named(
      fit(
        classes,
        classes.map((pairs) => semivariance(pairs, centre, weights)),
      ),
    );
  const fitted = componentsBy(null);
  const processes = 1 + Math.max(0, ...observations.map(({ process }) => process));
  const blocks = 1 + Math.max(0, ...observations.map(blockOf));
  const draws = Array.from({ length: resamples }, () =>
    componentsBy({ ofProcess: drawnWeights(next, processes), ofBlock: drawnWeights(next, blocks) }),
  );
  const components = COMPONENTS.map((name) => {
    const drawn = draws.length === 0 ? [fitted[name]] : draws.map((one) => one[name]);
    return [name, { variance: fitted[name], low: quantile(drawn, TAIL), high: quantile(drawn, 1 - TAIL) }];
  });
  return {
    id,
    kind,
    observations: observations.length,
    components: Object.fromEntries(components) as Estimate['components'],
    draws,
  };
}
