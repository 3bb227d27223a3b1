/** An examination as text: the verdict, the rules that it comes from, and each guard with its numbers. Pure. */
import type { Comparison, DoctorDocument, DoctorFact, GuardReport, Judgement } from '../bench/doctor/doctor-schema.js';
import { bytes, count, duration, nanoseconds, REPORT_WIDTH, significant, wrap } from './tables/format.js';
import { hostLine } from './tables/host-line.js';
import { table } from './tables/table.js';

const VERDICTS = {
  quiet: 'quiet: what is measured here can be relied upon as far as its intervals say',
  noisy: 'noisy: ratios of one run can be used, and rates with care; intervals are wide',
  unusable: 'unusable: what is measured here says more about the host than about the copies',
};

/** One digit more than `percent`: limits here are as small as 1 %. */
function share(value: number): string {
  return `${significant(value * 100)} %`;
}

function valueText(value: Judgement['value'], unit: Judgement['unit']): string {
  if (value === null) return 'not known';
  if (value === 'none') return 'none';
  if (unit === 'share') return share(value);
  if (unit === 'ns') return nanoseconds(value);
  return unit === 'factor' ? `${significant(value)} x` : `${significant(value)}${unit === 'per second' ? ' /s' : ''}`;
}

function limitText(value: number | null, { is, unit }: Judgement): string {
  return value === null ? '-' : `${is} ${valueText(value, unit)}`;
}

function ruleTable(all: readonly Judgement[]): string[] {
  const rows = all.map((judgement) => [
    judgement.what,
    valueText(judgement.value, judgement.unit),
    limitText(judgement.noisy, judgement),
    limitText(judgement.unusable, judgement),
    judgement.level,
  ]);
  return table(['seen during the examination', 'here', 'noisy', 'unusable', 'so'], rows, 1).split('\n');
}

function reasonLines(all: readonly Judgement[]): string[] {
  const reasons = all.filter(({ level }) => level === 'noisy' || level === 'unusable');
  return reasons.flatMap(({ level, what, value, unit, why, help }) => [
    ...wrap(`${level}: ${what}: ${valueText(value, unit)}; ${why}`, REPORT_WIDTH, '  '),
    ...wrap(`try: ${help}`, REPORT_WIDTH, '       ', '  '),
  ]);
}

function verdictLines({ verdict, judgements, interrupted }: DoctorDocument): string[] {
  const unknown = judgements.filter(({ level }) => level === 'unknown').length;
  const limits = unknown === 0 ? '' : `; ${unknown} of ${judgements.length} rules could not be applied`;
  if (interrupted) return ['This host: no verdict, because the examination was interrupted'];
  return wrap(`This host: ${verdict === null ? 'no verdict' : VERDICTS[verdict]}${limits}`, REPORT_WIDTH, '  ');
}

/** `2.05 [1.98, 2.10]`, with three digits each; no interval for a single repeat. */
function ends(
  { median, low, high }: { median: number; low: number; high: number },
  hasEnds: boolean,
  times = 1,
): string {
  const text = (value: number) => significant(value * times);
  return `${text(median)}${hasEnds ? ` [${text(low)}, ${text(high)}]` : ''}`;
}

function sampleText(summary: Comparison['with'], unit: Comparison['unit']): string {
  return unit === 'ns' ? duration(summary) : `${ends(summary, summary.confidence > 0, 100)} %`;
}

function factText({ what, value, unit }: DoctorFact): string {
  if (value === null) return `${what}: not known`;
  if (typeof value === 'string' || unit === null) return `${what}: ${value}`;
  if (unit === 'bytes') return `${what}: ${bytes(value)}`;
  if (unit === 'ns') return `${what}: ${nanoseconds(value)}`;
  return `${what}: ${unit === 'share' ? share(value) : significantCount(value)}`;
}

/** Whole numbers are shown as they are. */
function significantCount(value: number): string {
  return Number.isInteger(value) ? `${value}` : significant(value);
}

function comparisonRow({ what, unit, without, with: guarded, factor }: Comparison): string[] {
  const times = factor === null ? '-' : `${factor.significant ? '' : '~ '}${ends(factor, factor.rounds > 1)}`;
  return [`  ${what}`, sampleText(without, unit), sampleText(guarded, unit), times];
}

function remarks({ effect, guard, refusal, facts }: GuardReport): string[] {
  const tried = refusal === null ? [] : wrap(`could not be tried: ${refusal}`, REPORT_WIDTH, '    ', '  ');
  return [
    ...tried,
    ...(facts.length === 0 ? [] : wrap(facts.map(factText).join('; '), REPORT_WIDTH, '    ', '  ')),
    ...wrap(`without: ${effect}`, REPORT_WIDTH, '    ', '  '),
    ...wrap(`copytax: ${guard}`, REPORT_WIDTH, '    ', '  '),
  ];
}

/** All comparisons are rows of one table, so that their columns are aligned; the rest stands between its rows. */
function guardLines(guards: readonly GuardReport[]): string[] {
  const head = ['without each guard, and with it', 'without', 'with', 'without / with'];
  const rows = guards.flatMap(({ comparisons }) => comparisons.map(comparisonRow));
  const [first, ...lines] = table(head, rows, 1).split('\n');
  return [
    first!,
    ...guards.flatMap((guard) => ['', guard.mistake, ...lines.splice(0, guard.comparisons.length), ...remarks(guard)]),
  ];
}

/** Returns the whole report, which ends with a line end. */
export function doctorText(document: DoctorDocument): string {
  const { version, created, machine, judgements, guards, missing, seconds, cpus, copyKernel } = document;
  const title = `copytax ${version} doctor, ${created.slice(0, 10)}: ${hostLine({ machine })}`;
  const reasons = reasonLines(judgements);
  const state = document.interrupted ? 'interrupted' : 'complete';
  const how =
    `${state} after ${seconds.toFixed(1)} s, on ${count(cpus.length, 'CPU')} that this process may use; ` +
    `copy kernel ${copyKernel}; medians of interleaved repeats with intervals of 95 %`;
  const sections = [
    [...wrap(title, REPORT_WIDTH, '  '), ...verdictLines(document), ...reasons],
    ruleTable(judgements),
    guardLines(guards),
    ...(missing.length === 0
      ? []
      : [
          [
            'Not known, or not possible here',
            ...missing.flatMap(({ fact, reason }) => wrap(`${fact}: ${reason}`, REPORT_WIDTH, '    ', '  ')),
          ],
        ]),
    wrap(how, REPORT_WIDTH, '  '),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
