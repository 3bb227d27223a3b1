/**
 * Comparing two cells: by the ratio formed within each round, where the weather of the host cancels, and by the median
 * of those ratios with a bootstrap interval.
 */
import { cumulativeStdNormalProbability, median, quantileSorted } from 'simple-statistics';
import { type Random, random, randomInt } from '../../random.js';
import { type Interval, medianInterval } from './statistics.js';

/** An effect smaller than this is not reported as one, however sure: 3 %. */
export const MINIMAL_EFFECT = 0.03;

/** Below this many rounds no interval can be trusted at 95 %, and nothing is called significant. */
export const MINIMAL_ROUNDS = 6;

const RESAMPLES = 2000;

export interface RatioSummary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Rounds that had both values. */
  readonly rounds: number;
  /** The interval excludes 1, the effect is at least `MINIMAL_EFFECT`, and there were `MINIMAL_ROUNDS`. */
  readonly significant: boolean;
}

/** Quantile of Student's t for 0.975, by the series of Cornish and Fisher; within 1 % from 5 degrees of freedom on. */
function studentQuantile(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/**
 * Percentile bootstrap of the median; deterministic for a stream. At least two values. The tails are those of
 * Hesterberg's expanded percentiles ("What Teachers Should Know About the Bootstrap", 2015): the plain ones are too
 * narrow for the ten to thirty rounds of a run.
 */
export function bootstrapMedian(values: readonly number[], next: Random): Pick<Interval, 'low' | 'high'> {
  const medians = new Float64Array(RESAMPLES);
  const resample = new Array<number>(values.length);
  for (let index = 0; index < RESAMPLES; index++) {
    for (let at = 0; at < resample.length; at++) resample[at] = values[randomInt(next, values.length)]!;
    medians[index] = median(resample);
  }
  const sorted = Array.from(medians.sort());
  const count = values.length;
  const tail = 1 - cumulativeStdNormalProbability(Math.sqrt(count / (count - 1)) * studentQuantile(count - 1));
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
}

function isSignificant(middle: number, low: number, high: number, rounds: number): boolean {
  const effect = middle >= 1 ? middle - 1 : 1 / middle - 1;
  return rounds >= MINIMAL_ROUNDS && effect >= MINIMAL_EFFECT && (low > 1 || high < 1);
}

/**
 * Ratio of two cells that were sampled in the same rounds; index i of both is round i, and a longer tail is left out.
 * Null when no round has two positive values. With few rounds the extremes of the ratios stand for the interval,
 * because resampling a handful of values says less than they do.
 */
export function pairedRatio(of: readonly number[], to: readonly number[], seed: number): RatioSummary | null {
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(of.length, to.length); round++) {
    if (of[round]! > 0 && to[round]! > 0) ratios.push(of[round]! / to[round]!);
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
