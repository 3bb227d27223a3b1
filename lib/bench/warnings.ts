/**
 * What a reader must know before believing a number. A warning says what was seen, why it matters and what to do;
 * it never stops a run, and the same warnings stand on the screen and in the result file.
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
  | 'GOVERNOR'
  | 'THROTTLED'
  | 'INCOMPLETE_SAMPLE'
  | 'OVERRUN';

export interface Warning {
  readonly code: WarningCode;
  /** The observation, with its number and unit. */
  readonly seen: string;
  /** What it does to the results. */
  readonly why: string;
  /** The command, option or setting to try. */
  readonly remedy: string;
}
