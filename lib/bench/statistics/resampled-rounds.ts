/**
 * Curves by size that the samples of a scenario might have given as well: whole rounds are drawn anew, with all sizes
 * of a round together, so that the load of the host in a round moves the whole curve. Pure.
 */
import { median } from 'simple-statistics';
import { random, randomInt } from '../../random.js';
import { expandedTail, MINIMAL_ROUNDS } from './paired-ratio.js';

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
