/**
 * Compares two cells by the ratio of each round, in which the load of the host cancels out, and by the median of these
 * ratios with an interval.
 */
import { serialInflation } from './serial-dependence.js';
import { type Between, endsOfMedian, MINIMAL_ROUNDS, type Samples, valueAt } from './statistics.js';

/** A smaller effect is not called significant, however narrow its interval: 3 %. */
export const MINIMAL_EFFECT = 0.03;

/** The median of ratios of rounds, its 95 % interval, and whether it differs from 1 by more than `MINIMAL_EFFECT`. */
export interface RatioSummary {
  /** Of an even number of rounds the geometric mean of the two in the middle. */
  readonly median: number;
  /** Ends of the 95 % interval; with fewer than six rounds the extremes, with one round the ratio itself. */
  readonly low: number;
  /** Upper end of it. */
  readonly high: number;
  /** Number of rounds that have both values. One round has no interval. */
  readonly rounds: number;
  /** The interval excludes 1, the effect is at least `MINIMAL_EFFECT`, and there are at least `MINIMAL_ROUNDS`. */
  readonly significant: boolean;
}

/** Ratios are interpolated on their logarithms, so that the interval of 1 / ratio is that of the ratio, inverted. */
const geometric: Between = (lower, upper, share) => lower * (upper / lower) ** share;

/** As `RatioSummary.significant`. */
export function isSignificant(middle: number, low: number, high: number, rounds: number): boolean {
  const effect = middle >= 1 ? middle - 1 : 1 / middle - 1;
  return rounds >= MINIMAL_ROUNDS && effect >= MINIMAL_EFFECT && (low > 1 || high < 1);
}

/** Returns the ratio of each round in which both are positive. */
function ratiosOf(of: Samples, to: Samples): number[] {
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(of.length, to.length); round++) {
    const [above, below] = [of[round] ?? 0, to[round] ?? 0];
    const ratio = above > 0 && below > 0 ? above / below : 0;
    if (ratio > 0 && ratio < Number.POSITIVE_INFINITY) ratios.push(ratio);
  }
  return ratios;
}

/**
 * Returns the ratio of two cells that were sampled in the same rounds: index i of both is round i, in the order of
 * time. Rounds in which a sample is missing, null or not positive are left out. Null if no round is left. The interval
 * is that of a median (`medianInterval`), of the logarithms of the ratios.
 */
export function pairedRatio(of: Samples, to: Samples): RatioSummary | null {
  const ratios = ratiosOf(of, to);
  const rounds = ratios.length;
  if (rounds === 0) return null;
  const { low, high } = endsOfMedian(ratios, serialInflation(ratios), geometric);
  const median = valueAt(Float64Array.from(ratios).sort(), (rounds + 1) / 2, geometric);
  return { median, low, high, rounds, significant: isSignificant(median, low, high, rounds) };
}
