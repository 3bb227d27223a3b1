/**
 * Statistics of samples: a median, and an interval for the true median. No outlier is rejected, because a rule for
 * outliers assumes a distribution that samples on a shared host do not have.
 */
import { median } from 'simple-statistics';
import { serialInflation } from './serial-dependence.js';

/** Two-sided confidence that an interval should have. */
export const CONFIDENCE = 0.95;

/** With fewer samples not even the extremes hold the true median with this confidence. */
export const MINIMAL_ROUNDS = 6;

/** Samples in the order in which they were taken; null or not finite where there is none. */
export type Samples = readonly (number | null)[];

/** The interval of a median. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Chance that such an interval holds the true median: 0.95, less with fewer than six samples, and 0 with one. */
  readonly confidence: number;
}

/** A median and its interval. */
export interface Summary extends Interval {
  /** Of the samples that there are. */
  readonly median: number;
}

/** False for what was measured once: its two ends are the value itself. Takes the summary of a cell or of a ratio. */
export function hasInterval(summary: { readonly confidence: number } | { readonly rounds: number }): boolean {
  return 'rounds' in summary ? summary.rounds > 1 : summary.confidence > 0;
}

/** Chance of at most `successes` heads in `trials` tosses of a fair coin, exact except for rounding. */
export function fairCoinAtMost(successes: number, trials: number): number {
  let logChance = -trials * Math.LN2;
  let sum = 0;
  for (let heads = 0; heads <= Math.min(successes, trials); heads++) {
    sum += Math.exp(logChance);
    logChance += Math.log((trials - heads) / (heads + 1));
  }
  return Math.min(1, sum);
}

/** Exact chance that the true median lies between the `rank`-th smallest and the `rank`-th largest sample. */
export function rankConfidence(rank: number, count: number): number {
  return 1 - 2 * fairCoinAtMost(rank - 1, count);
}

/** The positions of `lowPosition` for independent samples, by their number: a run asks for few numbers, often. */
const positions = new Map<number, number>();

function independentPosition(count: number): number {
  let [rank, tooHigh] = [1, Math.floor(count / 2) + 1]; // the confidence falls with the rank
  while (tooHigh - rank > 1) {
    const middle = (rank + tooHigh) >> 1;
    if (rankConfidence(middle, count) >= CONFIDENCE) rank = middle;
    else tooHigh = middle;
  }
  const [above, below] = [rankConfidence(rank, count), rankConfidence(rank + 1, count)];
  const share = (above - CONFIDENCE) / (above - below);
  return rank + ((count - rank) * share) / (rank + (count - 2 * rank) * share);
}

/**
 * Returns where in `count` sorted samples the interval of the median begins: 1 is the smallest sample, 2.5 the middle
 * between the second and the third. It ends as far from the other end.
 *
 * Of independent samples the exact confidences of two neighbouring ranks lie on both sides of 95 %, and the position is
 * interpolated between them (Hettmansperger and Sheather, "Confidence intervals based on interpolated order
 * statistics", Statistics & Probability Letters 4, 1986): very nearly 95 % for any continuous distribution (Nyblom,
 * "Note on interpolated order statistics", ibid. 14, 1992), where the exact interval of ten samples has 97.9 %.
 * `inflation`: as `inflationOf`; the distance from the middle grows with its square root, at most to the extremes.
 */
export function lowPosition(count: number, inflation = 1): number {
  if (count < MINIMAL_ROUNDS) return 1;
  const independent = positions.get(count) ?? independentPosition(count);
  positions.set(count, independent);
  const middle = (count + 1) / 2;
  return Math.max(1, middle - (middle - independent) * Math.sqrt(inflation));
}

/** Value between two neighbours, at `share` of the way from the lower one; one of them if `share` is 0. */
export type Between = (lower: number, upper: number, share: number) => number;

const onLine: Between = (lower, upper, share) => (1 - share) * lower + share * upper;

/** Returns the value at a position of at least one sorted value; a position as of `lowPosition`. */
export function valueAt(sorted: Float64Array, position: number, between: Between): number {
  const lower = Math.floor(position);
  const value = sorted[lower - 1]!;
  const next = sorted[lower];
  if (next === undefined || next === value || position === lower) return value;
  return Math.min(next, Math.max(value, between(value, next, position - lower)));
}

/** Returns both ends of the interval of the median of at least one value, as `lowPosition` has them. */
export function endsOfMedian(
  values: readonly number[],
  inflation: number,
  between: Between,
): { low: number; high: number } {
  const sorted = Float64Array.from(values).sort();
  const position = lowPosition(sorted.length, inflation);
  return {
    low: valueAt(sorted, position, between),
    high: valueAt(sorted, sorted.length + 1 - position, between),
  };
}

/** Returns the samples that there are. */
export function present(samples: Samples): number[] {
  return samples.filter((value): value is number => value !== null && Number.isFinite(value));
}

/**
 * Returns the confidence interval of the median of at least one sample that is present. Samples that depend on those
 * before them get a wider one. How often it holds the true median, of independent samples and of others, is in
 * docs/design/0030-instrument.md and printed by benchmarks/interval-coverage.ts. With fewer than six samples it is from
 * the smallest to the largest, and `confidence` says what that is worth.
 */
export function medianInterval(samples: Samples, inflation = serialInflation(present(samples))): Interval {
  const values = present(samples);
  const confidence = values.length < MINIMAL_ROUNDS ? rankConfidence(1, values.length) : CONFIDENCE;
  return { ...endsOfMedian(values, inflation, onLine), confidence };
}

/** Returns median and interval of at least one sample that is present. */
export function summarize(samples: Samples): Summary {
  return { median: median(present(samples)), ...medianInterval(samples) };
}

/** Half the width of the interval as a share of the median: 0.05 reads as "plus or minus 5 %". */
export function relativeSpread(summary: Summary): number {
  return summary.median === 0 ? 0 : (summary.high - summary.low) / 2 / Math.abs(summary.median);
}

/**
 * Returns the median of each name over the records that have a finite value for it. A sample in which no byte moved has
 * costs per byte that are not finite, which JSON cannot hold.
 */
export function medianRecord<Key extends string>(
  records: readonly Readonly<Partial<Record<Key, number>>>[],
): Partial<Record<Key, number>> {
  const columns = new Map<string, number[]>();
  for (const record of records) {
    for (const [name, value] of Object.entries<number | undefined>(record)) {
      if (value !== undefined && Number.isFinite(value)) columns.set(name, [...(columns.get(name) ?? []), value]);
    }
  }
  const medians = [...columns].map(([name, values]) => [name, median(values)]);
  return Object.fromEntries(medians) as Partial<Record<Key, number>>;
}
