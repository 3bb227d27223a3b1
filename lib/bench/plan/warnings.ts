/**
 * Warnings: what a reader must know before believing a number. A warning says what was seen, why it matters and what to
 * do. It never stops a run. The report and the result file have the same warnings.
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
  | 'THROTTLED'
  | 'NO_COMPILER'
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

/** The state of memory that should be locked. Linux gives both parts of a refusal. */
export interface LockState {
  readonly bytes: number;
  readonly locked: boolean;
  readonly lockRefusal: { readonly errno: number; readonly limitBytes: number } | null;
}

/** A warning for the samples of a scenario; null if the memory is locked, or was not meant to be. */
export function unlockedMemory({ bytes, locked, lockRefusal }: LockState): Warning | null {
  if (locked || lockRefusal === null) return null;
  const { errno, limitBytes } = lockRefusal;
  const limit = limitBytes < 0 ? 'no limit' : `a limit of ${limitBytes / 1024} KiB`;
  return {
    code: 'UNLOCKED_MEMORY',
    seen: `${bytes / 1024} KiB could not be locked (errno ${errno}, ${limit})`,
    why: 'pages were written before the measurement, but Linux may move or evict them during it',
    remedy: 'raise the memlock limit (`ulimit -l`, LimitMEMLOCK= of a service, --ulimit memlock of a container)',
  };
}

/** A warning for the samples of a scenario that wants huge pages; null if it has them, or if that is not known. */
export function noHugePages({ bytes, hugeBytes }: { bytes: number; hugeBytes: number }): Warning | null {
  if (hugeBytes < 0 || hugeBytes >= bytes / 2) return null;
  return {
    code: 'NO_HUGE_PAGES',
    seen: `${hugeBytes / 1024} of ${bytes / 1024} KiB are backed by huge pages`,
    why: 'with small pages a walk through this memory also pays for address translation',
    remedy: 'as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled',
  };
}
