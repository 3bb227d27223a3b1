/**
 * What is said about samples: a median, and where the true median may be. No outlier is rejected, because a rule for
 * outliers is an assumption about the distribution that a shared host does not keep.
 */
import { median } from 'simple-statistics';

/** Two-sided confidence that intervals aim for. */
export const CONFIDENCE = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Chance that such an interval holds the true median, exact; below 0.95 when there are fewer than six samples. */
  readonly confidence: number;
}

export interface Summary extends Interval {
  readonly median: number;
}

/** Chance of at most `successes` heads in `trials` tosses of a fair coin; exact to rounding for any practical size. */
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
 * Confidence interval of the median between two order statistics: the k-th smallest and k-th largest sample, with the
 * largest k that keeps the confidence. Needs independent samples and nothing else. With fewer than six samples even
 * the extremes fall short, and `confidence` says by how much. At least one sample.
 */
export function medianInterval(samples: readonly number[]): Interval {
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  let trim = 0;
  while (2 * (trim + 1) < count && 1 - 2 * fairCoinAtMost(trim + 1, count) >= CONFIDENCE) trim++;
  const confidence = count === 1 ? 0 : 1 - 2 * fairCoinAtMost(trim, count);
  return { low: sorted[trim]!, high: sorted[count - 1 - trim]!, confidence };
}

/** At least one sample. */
export function summarize(samples: readonly number[]): Summary {
  return { median: median([...samples]), ...medianInterval(samples) };
}

/** Half the width of the interval as a share of the median: 0.05 reads as "plus or minus 5 %". */
export function relativeSpread(summary: Summary): number {
  return summary.median === 0 ? 0 : (summary.high - summary.low) / 2 / Math.abs(summary.median);
}

/**
 * Element-wise medians; a name counts in the records that have a finite value for it. A sample in which nothing moved
 * has costs per byte that are no numbers, and no file could hold them.
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
