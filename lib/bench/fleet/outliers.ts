/**
 * Which runs of a group lie outside. The largest score of each run is compared with those of the runs that come next
 * to it: where they thin out like a power, the logarithms of the steps between them, times their rank, are independent
 * and exponential (A. Rényi, "On the theory of order statistics", Acta Mathematica Hungarica 4, 1953). A step that is
 * larger than that allows parts outliers from the rest. Pure.
 *
 * Nothing is assumed of the middle of the distribution, and of its ends only that they thin out at least as fast as a
 * power of 3.5: normal and lognormal numbers, and those of Student's distribution with five degrees of freedom. The
 * largest score is one value of each run, so that it does not matter how many numbers there are and how they depend on
 * each other.
 */
import type { Score } from './deviations.js';

/** Chance of naming a run in a group in which no run lies outside. */
export const FALSE_ALARMS = 0.05;
/** Power with which the ends of the distribution may thin out: that of five degrees is less where runs are few. */
const POWER = 3.5;
/** In smaller groups the scales of scores are chance. */
export const LEAST_RUNS = 8;
/** Of the runs, at most this share can lie outside: more are another kind. */
const MOST_OUTSIDE = 0.25;
/** The largest score among runs that do not lie outside is at least this one, however few they are. */
const LEAST_SCORE = 1.7;

/** Returns for each run its largest score without sign. */
export function largestScores(scores: readonly Score[], runs: number): Float64Array {
  return Float64Array.from({ length: runs }, (_, run) =>
    scores.reduce((most, { deviations }) => Math.max(most, Math.abs(deviations[run]!) || 0), 0),
  );
}

/** Returns by which factor the least of `rank` outliers has to be above the run next to them. */
export function leastStep(rank: number): number {
  // Shares of the chance that add up to it over all ranks.
  const chance = (FALSE_ALARMS * 6) / (Math.PI * rank) ** 2;
  return Math.exp(-Math.log(chance) / (POWER * rank));
}

/** Returns the indices of the runs that lie outside, the farthest first. */
export function outside(largest: Float64Array): number[] {
  if (largest.length < LEAST_RUNS) return [];
  const order = [...largest.keys()].sort((a, b) => largest[b]! - largest[a]!);
  const most = Math.max(1, Math.floor(largest.length * MOST_OUTSIDE));
  for (let rank = most; rank >= 1; rank--) {
    const [least, next] = [largest[order[rank - 1]!]!, largest[order[rank]!]!];
    if (least > leastStep(rank) * Math.max(next, LEAST_SCORE)) return order.slice(0, rank);
  }
  return [];
}
