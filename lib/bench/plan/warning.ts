/**
 * Warnings: what a reader must know before believing a number. A warning says what was seen, why it matters and what to
 * do. It never stops a run. The report and the result file have the same warnings. The rules of
 * `lib/bench/result/warning-rules.ts` word all but one, NO_COMPILER: that is of `benchmarks/slot-pool`.
 */

export type WarningCode =
  | 'NOISY_HOST'
  | 'STEAL'
  | 'INVOLUNTARY_SWITCHES'
  | 'LOADED_HOST'
  | 'UNLOCKED_MEMORY'
  | 'NO_HUGE_PAGES'
  | 'FEW_CPUS'
  | 'COARSE_TIMER'
  | 'CPUS_MOVED'
  | 'FEW_SAMPLES'
  | 'DRIFT'
  | 'GOVERNOR'
  | 'UNKNOWN_CPU'
  | 'THROTTLED'
  | 'CPUS_LOST'
  | 'UNPINNED'
  | 'LITTLE_CPU'
  | 'ENGINE_SLOWED'
  | 'NO_COMPILER'
  | 'OVERRUN'
  | 'STOOD_STILL'
  | 'SLOW_WEATHER'
  | 'CACHES_DIFFER'
  | 'NOT_INTERLEAVED';

/** What a reader must know before believing a number. */
export interface Warning {
  /** What it is about, for programs. */
  readonly code: WarningCode;
  /** The observation, with its number and unit. */
  readonly seen: string;
  /** What it does to the results. */
  readonly why: string;
  /** The command, option or setting to try. */
  readonly remedy: string;
}
