/**
 * Curves by size that the samples of a scenario might have given as well: whole rounds are drawn anew, with all sizes
 * of a round together, so that the load of the host in a round moves the whole curve. Pure.
 */
import { median } from 'simple-statistics';
import { random, randomInt } from '../../random.js';
import { normalTail } from './normal-tail.js';
import { MINIMAL_ROUNDS } from './statistics.js';

const RESAMPLES = 1000;

/** A value for each size. */
export type Curve = readonly number[];

export interface Curves {
  /** The medians over all rounds. */
  readonly middle: Curve;
  /** With few rounds the single rounds, or else resamples. */
  readonly others: readonly Curve[];
  /** The part of `others` that is outside an interval at each end. */
  readonly tail: number;
  readonly rounds: number;
}

/**
 * Quantile of Student's t for 0.975, by the series of Cornish and Fisher: within 1 % for 5 degrees of freedom or more.
 */
export function studentQuantile(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/**
 * Returns the share of resamples of `count` values, at least two, that lies outside the interval on each side: that of
 * Hesterberg's expanded percentiles ("What Teachers Should Know About the Bootstrap", 2015), because plain percentiles
 * are too narrow for the ten to thirty rounds of a run.
 */
export function expandedTail(count: number): number {
  return normalTail(Math.sqrt(count / (count - 1)) * studentQuantile(count - 1));
}

/** `samples`: those of each size, where index i of all is round i. Null if no round has all sizes. */
export function resampledRounds(samples: readonly (readonly number[])[], seed: number): Curves | null {
  const rounds = Math.min(...samples.map((values) => values.length));
  if (samples.length === 0 || rounds === 0) return null;
  const middle = samples.map((values) => median(values.slice(0, rounds)));
  if (rounds < MINIMAL_ROUNDS) {
    const others = Array.from({ length: rounds }, (_, round) => samples.map((values) => values[round]!));
    return { middle, others, tail: 0, rounds };
  }
  const next = random(seed);
  const others = Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: rounds }, () => randomInt(next, rounds));
    return samples.map((values) => median(drawn.map((round) => values[round]!)));
  });
  return { middle, others, tail: expandedTail(rounds), rounds };
}

/** Returns the interval that `values` of the other curves leave, with the value of the middle one inside. */
export function intervalOf(middle: number, values: readonly number[], tail: number): { low: number; high: number } {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(tail * sorted.length);
  return { low: Math.min(sorted[cut]!, middle), high: Math.max(sorted[sorted.length - 1 - cut]!, middle) };
}
