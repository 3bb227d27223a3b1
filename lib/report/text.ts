/** A result document as text: the verdict, the tables, how far to trust them, and what was not measured. */

import type { ResultDocument, ScenarioResult } from '../bench/result/result.js';
import { checkOptions, oneOf } from '../limits.js';
import type { Canvas } from './bars/canvas.js';
import { barsLegend, marksLegend } from './bars/legend.js';
import { failedLines } from './failed-cells.js';
import { gapLines } from './machine/gaps.js';
import { headLines, ownRemedy, SUBJECTS, type Subject, subjectOf } from './own-words.js';
import { programLine } from './provenance.js';
import { scenarioLines, scenarioTitle } from './scenario-section.js';
import { kneeSentence } from './speed/cache-knees.js';
import { counterLines } from './speed/counters.js';
import { cpuSpeedLines } from './speed/cpu-speed.js';
import { harmless, REPORT_WIDTH, wrap } from './tables/format.js';
import { tablesOf } from './tables/specs.js';
import { codesLine, roundsLine, verdict } from './verdict.js';

const NOT_MEASURED = [
  'Memory encryption, and what it does to memory that is shared with the host.',
  'Hypervisor exits, interrupts of real devices, the NIC and the wire.',
];
/** Of the designs: that of this host's own Linux may stand beside them. */
const LINUX = 'The control plane of Linux: slot and page work, locks and scheduling here are those of this program.';
const BESIDE =
  "The control plane of Linux in the designs: theirs is this program's. What Linux takes is measured beside them.";

/** What no rate and no cost of the designs holds. */
function notMeasured({ results }: ResultDocument): string[] {
  const isBeside = results.some(({ scenario }) => scenario === 'kernel-send');
  return [...NOT_MEASURED, isBeside ? BESIDE : LINUX];
}

function titled(title: string, lines: readonly string[]): string {
  return [title, ...lines].join('\n').replaceAll(/\n(?=[^\n])/g, '\n  ');
}

function warningLines(result: ResultDocument, about: Subject): string[] {
  return result.warnings.flatMap(({ code, seen, why, remedy }) => [
    ...wrap(`${code}: ${seen}`, REPORT_WIDTH, '  '),
    ...wrap(`why: ${why}`, REPORT_WIDTH, '       ', '  '),
    ...wrap(`try: ${about === 'bouncing' ? remedy : ownRemedy({ code, remedy })}`, REPORT_WIDTH, '       ', '  '),
  ]);
}

function howLines(result: ResultDocument, about: Subject): string[] {
  const { settings, machine, complete, interrupted, seconds, runs } = result;
  const state = interrupted ? 'interrupted' : complete ? 'complete' : 'incomplete';
  const ofRuns = runs === undefined ? '' : `, ${runs.length} of ${settings.runs} runs, each a process of its own,`;
  const knees = kneeSentence(machine);
  const others = [programLine(result.environment), knees === null ? null : `caches ${knees}`];
  const how = wrap(
    `${state}${ofRuns} after ${seconds.toFixed(1)} s; seed ${settings.seed}; ` +
      `host fingerprint ${machine.fingerprint ?? 'not known'}; ` +
      (about === 'bouncing' ? `copy kernel ${settings.kernel}; ` : '') +
      `CPUs ${settings.cpus.join(', ')}`,
    REPORT_WIDTH,
  );
  return [...how, ...others.flatMap((line) => (line === null ? [] : wrap(line, REPORT_WIDTH)))];
}

/** The prices of all designs stand below the verdict, whenever they were measured. */
function pricesFirst(result: ResultDocument): ScenarioResult[] {
  const hasPrices = (scenario: ScenarioResult) => tablesOf(result, scenario).some(({ kind }) => kind === 'prices');
  return result.scenarios.toSorted((a, b) => Number(hasPrices(b)) - Number(hasPrices(a)));
}

/** What `textReport` takes besides the result. */
export interface ReportOptions {
  /**
   * What the report is about: `bouncing` has a verdict on the transmit designs and says what was not measured of them;
   * `anything` has the tables, the warnings and the host, for scenarios of one's own. Default: `anything` if the result
   * has scenarios and none of them is built in.
   */
  readonly about?: Subject | undefined;
}

/** The lines above the tables: the verdict, or which program measured and how often. */
function topLines(result: ResultDocument, about: Subject): string[] {
  if (about === 'bouncing') return verdict(result);
  return [...headLines(result), ...(result.results.length === 0 ? [] : [roundsLine(result)]), ...codesLine(result)];
}

/**
 * Returns the whole report, which ends with a line end: at most 112 columns, UTF-8. Pure.
 * @throws ERR_UNKNOWN_OPTION, ERR_OUT_OF_RANGE for `about`
 */
export function textReport(result: ResultDocument, options: ReportOptions = {}): string {
  checkOptions('textReport()', options, ['about']);
  return drawnReport(result, null, options);
}

/** As `textReport`, with bars and marks beside numbers if there is a canvas. `isPlain`: what is drawn is of ASCII. */
export function drawnReport(
  result: ResultDocument,
  canvas: Canvas | null,
  options: ReportOptions = {},
  isPlain = canvas?.isPlain ?? false,
): string {
  const about = options.about === undefined ? subjectOf(result) : oneOf('about', options.about, SUBJECTS);
  const warnings = warningLines(result, about);
  const missing = gapLines([...result.machine.missing, ...result.environment.missing], REPORT_WIDTH);
  const failed = failedLines(result);
  const speed = cpuSpeedLines(result, isPlain);
  const counters = about === 'bouncing' ? counterLines(result.environment, REPORT_WIDTH) : [];
  const sections = [
    topLines(result, about).join('\n'),
    ...(failed.length > 0 ? [titled('Failed', failed)] : []),
    ...pricesFirst(result).map((scenario) => titled(scenarioTitle(scenario), scenarioLines(result, scenario, canvas))),
    ...(speed.length > 0 ? [titled('Samples at full speed of the CPUs', speed)] : []),
    ...(warnings.length > 0 ? [titled('Warnings', warnings)] : []),
    ...(missing.length > 0 ? [titled('Not known of this host', missing)] : []),
    ...(counters.length > 0 ? [titled('Not counted', counters)] : []),
    ...(about === 'bouncing'
      ? [titled('Not measured, so this is a lower bound of the cost of bouncing', notMeasured(result))]
      : []),
    ...(canvas === null || result.results.length === 0
      ? []
      : [titled('Bars and marks', [barsLegend(canvas), marksLegend(canvas)])]),
    titled('Run', howLines(result, about)),
  ];
  return harmless(`${sections.join('\n\n')}\n`);
}
