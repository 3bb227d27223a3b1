/** A result document as text: the verdict, the tables, how far to trust them, and what was not measured. */
import { MINIMAL_CPU_SHARE } from '../bench/plan/ledger-keys.js';
import type { ResultDocument, ScenarioResult } from '../bench/result/result.js';
import { scenarioLines, scenarioTitle } from './scenario-section.js';
import { cpuSpeedLines } from './speed/cpu-speed.js';
import { count, percent, REPORT_WIDTH, wrap } from './tables/format.js';
import { tablesOf } from './tables/specs.js';
import { verdict } from './verdict.js';

const NOT_MEASURED = [
  'Memory encryption, and what it does to memory that is shared with the host.',
  'Hypervisor exits, interrupts of real devices, the NIC and the wire.',
  'The control plane of Linux: slot and page work, locks and scheduling here are those of this program.',
];

function titled(title: string, lines: readonly string[]): string {
  return [title, ...lines].join('\n').replaceAll(/\n(?=[^\n])/g, '\n  ');
}

function warningLines(result: ResultDocument): string[] {
  return result.warnings.flatMap(({ code, seen, why, remedy }) => [
    ...wrap(`${code}: ${seen}`, REPORT_WIDTH, '  '),
    ...wrap(`why: ${why}`, REPORT_WIDTH, '       ', '  '),
    ...wrap(`try: ${remedy}`, REPORT_WIDTH, '       ', '  '),
  ]);
}

/** Cells that have no result are told before those that have one: a table does not show what it lacks. */
function failedLines({ failed }: ResultDocument): string[] {
  const still = failed.filter(({ why }) => why === 'nothing moved');
  const costless = failed.filter(({ why }) => why === 'no cost').map(({ scenario }) => scenario);
  const stillLines = still.map(({ id, samples }) => `${id}: nothing moved in ${count(samples, 'sample')}`);
  const costlessLines = [...new Set(costless)].map((scenario) => {
    const cells = count(costless.filter((other) => other === scenario).length, 'cell');
    return `${scenario}: ${cells} without a cost, because ${LACKED_CPUS}`;
  });
  return stillLines.concat(costlessLines).flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
}

const LACKED_CPUS = `in no sample the threads had their CPUs for ${percent(MINIMAL_CPU_SHARE)} of the time`;

function missingLines({ machine, environment }: ResultDocument): string[] {
  return [...machine.missing, ...environment.missing].flatMap(({ fact, reason }) =>
    wrap(`${fact}: ${reason}`, REPORT_WIDTH, '  '),
  );
}

function howLines({ settings, machine, complete, interrupted, seconds, runs }: ResultDocument): string[] {
  const state = interrupted ? 'interrupted' : complete ? 'complete' : 'incomplete';
  const ofRuns = runs === undefined ? '' : `, ${runs.length} of ${settings.runs} runs, each a process of its own,`;
  return wrap(
    `${state}${ofRuns} after ${seconds.toFixed(1)} s; seed ${settings.seed}; ` +
      `host fingerprint ${machine.fingerprint}; copy kernel ${settings.kernel}; CPUs ${settings.cpus.join(', ')}`,
    REPORT_WIDTH,
  );
}

/** The prices of all designs stand below the verdict, whenever they were measured. */
function pricesFirst(result: ResultDocument): ScenarioResult[] {
  const hasPrices = (scenario: ScenarioResult) => tablesOf(result, scenario).some(({ kind }) => kind === 'prices');
  return result.scenarios.toSorted((a, b) => Number(hasPrices(b)) - Number(hasPrices(a)));
}

/** Returns the whole report, which ends with a line end. Pure. */
export function textReport(result: ResultDocument): string {
  const warnings = warningLines(result);
  const missing = missingLines(result);
  const failed = failedLines(result);
  const speed = cpuSpeedLines(result);
  const sections = [
    verdict(result).join('\n'),
    ...(failed.length > 0 ? [titled('Failed', failed)] : []),
    ...pricesFirst(result).map((scenario) => titled(scenarioTitle(scenario), scenarioLines(result, scenario))),
    ...(speed.length > 0 ? [titled('Samples at full speed of the CPUs', speed)] : []),
    ...(warnings.length > 0 ? [titled('Warnings', warnings)] : []),
    ...(missing.length > 0 ? [titled('Not known of this host', missing)] : []),
    titled('Not measured, so this is a lower bound of the cost of bouncing', NOT_MEASURED),
    titled('Run', howLines(result)),
  ];
  return `${sections.join('\n\n')}\n`;
}
