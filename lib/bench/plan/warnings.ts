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

/** What is known about memory that was asked to be locked. Both parts of a refusal are those of the kernel. */
export interface LockState {
  readonly bytes: number;
  readonly locked: boolean;
  readonly lockRefusal: { readonly errno: number; readonly limitBytes: number } | null;
}

/** For a scenario to add to its samples; null when the memory is locked, or nobody asked. */
export function unlockedMemory({ bytes, locked, lockRefusal }: LockState): Warning | null {
  if (locked || lockRefusal === null) return null;
  const { errno, limitBytes } = lockRefusal;
  const limit = limitBytes < 0 ? 'no limit' : `a limit of ${limitBytes / 1024} KiB`;
  return {
    code: 'UNLOCKED_MEMORY',
    seen: `${bytes / 1024} KiB could not be locked (errno ${errno}, ${limit})`,
    why: 'pages were written before the measurement, but the kernel may move or evict them during it',
    remedy: 'raise the memlock limit (`ulimit -l`, LimitMEMLOCK= of a service, --ulimit memlock of a container)',
  };
}

/** For a scenario to add to its samples when it asked for huge pages; null when it has them, or nobody can tell. */
export function noHugePages({ bytes, hugeBytes }: { bytes: number; hugeBytes: number }): Warning | null {
  if (hugeBytes < 0 || hugeBytes >= bytes / 2) return null;
  return {
    code: 'NO_HUGE_PAGES',
    seen: `${hugeBytes / 1024} of ${bytes / 1024} KiB are backed by huge pages`,
    why: 'with small pages a walk through this memory also pays for address translation',
    remedy: 'as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled',
  };
}
