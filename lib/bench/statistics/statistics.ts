/**
 * Statistics of samples: a median, and an interval for the true median. No outlier is rejected, because a rule for
 * outliers assumes a distribution that samples on a shared host do not have.
 */
import { median } from 'simple-statistics';

/** Two-sided confidence that an interval should have. */
export const CONFIDENCE = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Exact chance that such an interval holds the true median; below 0.95 with fewer than six samples. */
  readonly confidence: number;
}

export interface Summary extends Interval {
  readonly median: number;
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

/**
 * Returns the confidence interval of the median of at least one sample: from the k-th smallest to the k-th largest,
 * with the largest k that keeps the confidence. Assumes only that samples are independent. With fewer than six samples
 * even the extremes do not reach the confidence, and `confidence` says what they reach.
 */
export function medianInterval(samples: readonly number[]): Interval {
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  let trim = 0;
  while (2 * (trim + 1) < count && 1 - 2 * fairCoinAtMost(trim + 1, count) >= CONFIDENCE) trim++;
  const confidence = count === 1 ? 0 : 1 - 2 * fairCoinAtMost(trim, count);
  return { low: sorted[trim]!, high: sorted[count - 1 - trim]!, confidence };
}

/** Returns median and interval of at least one sample. */
export function summarize(samples: readonly number[]): Summary {
  return { median: median([...samples]), ...medianInterval(samples) };
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
