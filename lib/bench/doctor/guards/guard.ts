/**
 * What a guard of the instrument is worth on this host: one operation is measured with the guard and without it, in
 * turns, so that a change of the host meets both alike.
 */

/** Nanoseconds, or a fraction of a whole. */
export type Unit = 'ns' | 'share';

/** Index i of both lists is repeat i. */
export interface Samples {
  readonly without: readonly number[];
  readonly with: readonly number[];
}

export interface MeasuredPair extends Samples {
  /** What was measured: a noun phrase. */
  readonly what: string;
  readonly unit: Unit;
}

/** What the measurement of one guard found. */
export interface Findings {
  readonly pairs: readonly MeasuredPair[];
  readonly facts: readonly Fact[];
}

/** Something else that was seen. Null: it cannot be known. */
export interface Fact {
  readonly what: string;
  readonly value: number | string | null;
  /** Of a number. */
  readonly unit: Unit | 'bytes' | 'count' | 'CPUs' | null;
}

/** What a measurement on a thread of the doctor is told. */
export interface Task {
  /** Time that it should take, milliseconds. */
  readonly ms: number;
  /** CPUs that the process may use; the thread runs on the first, if it could be pinned. */
  readonly cpus: readonly number[];
  /** Index of the copy kernel. */
  readonly copyKernel: number;
  /** Shared with the thread that plays a neighbour. */
  readonly neighbour: Int32Array;
}

export interface Arms {
  without(): number;
  with(): number;
}

/** Enough for a narrow interval; more would only fill the file. */
const MOST_REPEATS = 60;
/** With fewer there is no 95 % interval. They are made also if they take twice the time. */
const LEAST_REPEATS = 6;

/** Measures both arms in turns, for about `ms`, at least once. The arm that begins changes from repeat to repeat. */
export function inTurns(arms: Arms, ms: number, now: () => number = () => performance.now()): Samples {
  const begin = now();
  const samples = { without: [] as number[], with: [] as number[] };
  for (let repeat = 0; repeat < MOST_REPEATS; repeat++) {
    const elapsed = now() - begin;
    if (repeat > 0 && elapsed > (repeat < LEAST_REPEATS ? 2 * ms : ms)) break;
    for (const arm of repeat % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      samples[arm].push(arms[arm]());
    }
  }
  return samples;
}

/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Difference of the extremes as a share of the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / quantile(values, 0.5);
}
