/**
 * Compares two cells by the ratio of each round, in which the load of the host cancels out, and by the median of these
 * ratios with a bootstrap interval.
 */
import { cumulativeStdNormalProbability, median, quantileSorted } from 'simple-statistics';
import { type Random, random, randomInt } from '../../random.js';
import { type Interval, medianInterval } from './statistics.js';

/** A smaller effect is not called significant, however narrow its interval: 3 %. */
export const MINIMAL_EFFECT = 0.03;

/** With fewer rounds no interval reaches 95 %, and nothing is called significant. */
export const MINIMAL_ROUNDS = 6;

const RESAMPLES = 2000;

export interface RatioSummary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Number of rounds that have both values. */
  readonly rounds: number;
  /** The interval excludes 1, the effect is at least `MINIMAL_EFFECT`, and there are at least `MINIMAL_ROUNDS`. */
  readonly significant: boolean;
}

/**
 * Quantile of Student's t for 0.975, by the series of Cornish and Fisher: within 1 % for 5 degrees of freedom or more.
 */
function studentQuantile(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/**
 * Returns the share of resamples of `count` values, at least two, that lies outside the interval on each side: that of
 * Hesterberg's expanded percentiles ("What Teachers Should Know About the Bootstrap", 2015), because plain percentiles
 * are too narrow for the ten to thirty rounds of a run.
 */
export function expandedTail(count: number): number {
  return 1 - cumulativeStdNormalProbability(Math.sqrt(count / (count - 1)) * studentQuantile(count - 1));
}

/**
 * Percentile bootstrap of the median of at least two values, with expanded tails. The same stream `next` gives the same
 * interval.
 */
export function bootstrapMedian(values: readonly number[], next: Random): Pick<Interval, 'low' | 'high'> {
  const medians = new Float64Array(RESAMPLES);
  const resample = new Array<number>(values.length);
  for (let index = 0; index < RESAMPLES; index++) {
    for (let at = 0; at < resample.length; at++) resample[at] = values[randomInt(next, values.length)]!;
    medians[index] = median(resample);
  }
  const sorted = Array.from(medians.sort());
  const tail = expandedTail(values.length);
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
}

/** As `RatioSummary.significant`. */
export function isSignificant(middle: number, low: number, high: number, rounds: number): boolean {
  const effect = middle >= 1 ? middle - 1 : 1 / middle - 1;
  return rounds >= MINIMAL_ROUNDS && effect >= MINIMAL_EFFECT && (low > 1 || high < 1);
}

/**
 * Returns the ratio of two cells that were sampled in the same rounds: index i of both is round i, and samples of only
 * one are left out. Null if no round has two positive values. With few rounds the interval is between the extreme
 * ratios, because resampling a handful of values says less.
 */
export function pairedRatio(
  of: readonly (number | null)[],
  to: readonly (number | null)[],
  seed: number,
): RatioSummary | null {
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(of.length, to.length); round++) {
    const [above, below] = [of[round] ?? 0, to[round] ?? 0];
    if (above > 0 && below > 0) ratios.push(above / below);
  }
  if (ratios.length === 0) return null;
  const few = ratios.length < MINIMAL_ROUNDS;
  const { low, high } = few ? medianInterval(ratios) : bootstrapMedian(ratios, random(seed));
  const middle = median(ratios);
  return {
    median: middle,
    low,
    high,
    rounds: ratios.length,
    significant: isSignificant(middle, low, high, ratios.length),
  };
}
