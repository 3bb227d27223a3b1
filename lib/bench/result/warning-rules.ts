/**
 * Words the warnings. A rule looks for one cause in a result, and returns null if the facts that it needs are not
 * known: the same file always gets the same warnings. `unlockedMemory` and `noHugePages` look at memory, for the
 * samples of a scenario. Only NO_COMPILER is worded elsewhere, in `benchmarks/slot-pool`.
 */
import { filteredLockRemedy } from '../../addon/refusals.js';
import type { LockRefusal } from '../../memory/region-spec.js';
import type { Warning } from '../plan/warning.js';
import {
  cachesDiffer,
  cpusLost,
  cpusMoved,
  engineSlowed,
  fewCpus,
  governor,
  involuntarySwitches,
  loadedHost,
  steal,
  throttled,
  unknownCpu,
  unpinned,
} from './host-warnings.js';
import type { ResultDocument } from './result.js';
import type { Rule } from './rule.js';
import {
  coarseTimer,
  drift,
  fewSamples,
  littleCpu,
  noisyHost,
  notInterleaved,
  overrun,
  slowWeather,
  stoodStill,
} from './sample-warnings.js';

/** The state of memory that should be locked. */
export interface LockState {
  /** Size of the memory. */
  readonly bytes: number;
  /** True if it is locked, so that Linux neither moves nor evicts it. */
  readonly locked: boolean;
  /** Why it is not: number of the error, and the limit on locked memory; null where none was asked for or refused. */
  readonly lockRefusal: Pick<LockRefusal, 'errno' | 'limitBytes'> | null;
}

/** Returns a warning for the samples of a scenario; null if the memory is locked, or was not meant to be. */
export function unlockedMemory({ bytes, locked, lockRefusal }: LockState): Warning | null {
  if (locked || lockRefusal === null) return null;
  const { errno, limitBytes } = lockRefusal;
  const limit = limitBytes < 0 ? 'no limit' : `a limit of ${limitBytes / 1024} KiB`;
  return {
    code: 'UNLOCKED_MEMORY',
    seen: `${bytes / 1024} KiB could not be locked (errno ${errno}, ${limit})`,
    why: 'pages were written before the measurement, but Linux may move or evict them during it',
    remedy:
      filteredLockRemedy(errno, limitBytes) ??
      'raise the memlock limit (`ulimit -l`, LimitMEMLOCK= of a service, --ulimit memlock of a container)',
  };
}

/** Returns a warning for samples that want huge pages; null if they have them, or if that is not known. */
export function noHugePages({ bytes, hugeBytes }: { bytes: number; hugeBytes: number }): Warning | null {
  if (hugeBytes < 0 || hugeBytes >= bytes / 2) return null;
  return {
    code: 'NO_HUGE_PAGES',
    seen: `${hugeBytes / 1024} of ${bytes / 1024} KiB are backed by huge pages`,
    why: 'with small pages a walk through this memory also pays for address translation',
    remedy: 'as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled',
  };
}

/** In the order of the report: what disturbs most stands first. */
const RULES: readonly Rule[] = [
  noisyHost,
  steal,
  involuntarySwitches,
  loadedHost,
  cpusMoved,
  throttled,
  cpusLost,
  unpinned,
  littleCpu,
  engineSlowed,
  governor,
  unknownCpu,
  cachesDiffer,
  fewCpus,
  fewSamples,
  notInterleaved,
  drift,
  coarseTimer,
  overrun,
  slowWeather,
  stoodStill,
];

/** Returns warnings of the run, then those of single cells, each code once. Does not read `warnings` of the input. */
export function judge(result: ResultDocument): Warning[] {
  const rounds = result.scenarios.flatMap((scenario) => scenario.rounds);
  const ofRun = RULES.flatMap((rule) => rule(result, rounds) ?? []);
  const ofCells = new Map<string, Warning>();
  for (const warning of result.results.flatMap((cell) => cell.warnings as Warning[])) {
    ofCells.set(warning.code, ofCells.get(warning.code) ?? warning);
  }
  return [...ofRun, ...ofCells.values()];
}
