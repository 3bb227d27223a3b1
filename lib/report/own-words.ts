/**
 * Reports of results that are not about bouncing: whether one is, its head, and what to do about its warnings where
 * that is said by options of `copytax bench`, which other programs do not have. Pure.
 */

import { isScenarioName } from '../bench/plan/scenario-names.js';
import type { Warning, WarningCode } from '../bench/plan/warning.js';
import type { ResultDocument } from '../bench/result/result.js';
import { frozen } from '../frozen.js';
import { commitOf } from './provenance.js';
import { REPORT_WIDTH, wrap } from './tables/format.js';
import { hostLine } from './tables/host-line.js';

/** What a report is about: the cost of bouncing, or whatever its scenarios ask. */
export const SUBJECTS = frozen(['bouncing', 'anything'] as const);
export type Subject = (typeof SUBJECTS)[number];

/** Returns what a result, or a comparison, is about: anything, if it has scenarios and none of them is built in. */
export function subjectOf({ scenarios }: { readonly scenarios: readonly { readonly name: string }[] }): Subject {
  return scenarios.length > 0 && !scenarios.some(({ name }) => isScenarioName(name)) ? 'anything' : 'bouncing';
}

/** Returns the first lines of a report: which program measured, when, and on which host. */
export function headLines(result: ResultDocument): string[] {
  const { version, created, program } = result.environment;
  const copytax = `copytax ${version}${commitOf(result.environment)}`;
  const measuring = program === undefined ? copytax : `${program.name} ${program.version}, by ${copytax}`;
  return wrap(`${measuring}, ${created.slice(0, 10)}: ${hostLine(result)}`, REPORT_WIDTH, '  ');
}

const FREE_CPUS = 'stop other work, or let the program run on CPUs that nothing else uses';

const REMEDIES: Partial<Record<WarningCode, string>> = {
  NOISY_HOST: 'stop other work on the host, or measure more: a longer time, more rounds, or several runs',
  FEW_SAMPLES: 'let the run end, choose fewer cells, or give it more time',
  SLOW_WEATHER: 'take several runs: what changes over minutes, no run of a minute can narrow',
  DRIFT: 'repeat the run, or measure longer',
  COARSE_TIMER: 'do more in one call, or use a host whose clock source is the TSC (`copytax machine` shows it)',
  OVERRUN: 'choose fewer cells, or give it more time',
  INVOLUNTARY_SWITCHES: FREE_CPUS,
  LITTLE_CPU: FREE_CPUS,
  THROTTLED: 'lift the CPU limit of the container or service, or measure on no more CPUs than it allows',
  CPUS_LOST: 'run again with a set of CPUs that stays the same',
  FEW_CPUS: 'use fewer threads, or run on a larger host',
};

/** Returns what to do about a warning of a result that is about anything. */
export function ownRemedy({ code, remedy }: Pick<Warning, 'remedy'> & { readonly code: string }): string {
  return REMEDIES[code as WarningCode] ?? remedy;
}
