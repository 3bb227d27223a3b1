/** A result document as text: the verdict, the tables, how far to trust them, and what was not measured. */
import type { CellResult, ResultDocument, ScenarioResult } from '../bench/result/result.js';
import { isSweep, sweepLines } from './sweep/sweep.js';
import { designOf } from './tables/conditions.js';
import { exhaustionTables, isExhaustion, poolSizing } from './tables/exhaustion.js';
import { count, nanoseconds, REPORT_WIDTH, wrap } from './tables/format.js';
import { type AreaWaits, areaWaits, couldGrow } from './tables/ledger.js';
import { copyCostTables, designsTable, pairsTable, plainTable, ratiosTable, softirqTable } from './tables/tables.js';
import { verdict } from './verdict.js';

const NOT_MEASURED = [
  'Memory encryption, and what it does to memory that is shared with the host.',
  'Hypervisor exits, interrupts of real devices, the NIC and the wire.',
  'The control plane of a kernel: slot and page work, locks and scheduling here are those of this program.',
];

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => (line === '' ? '' : `  ${line.replaceAll('\n', '\n  ')}`))].join('\n');
}

/** With an empty line between tables. */
function parted(tables: readonly (string | null)[]): string[] {
  return tables.flatMap((text, index) => (text === null ? [] : index === 0 ? [text] : ['', text]));
}

function scenarioTables(result: ResultDocument, scenario: string, cells: readonly CellResult[]): string[] {
  if (cells.length === 0) return ['nothing was measured'];
  if (isSweep(cells)) return sweepLines(result);
  if (cells.every(({ params }) => params.design !== undefined)) return [designsTable(result)];
  if (cells.every(isExhaustion)) {
    const sizing = poolSizing(result).flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
    return parted([...exhaustionTables(cells), sizing.length > 0 ? sizing.join('\n') : null]);
  }
  if (cells.every(({ params }) => params.regime !== undefined)) return [softirqTable(cells)];
  if (cells.every(({ params }) => params.kernel !== undefined && params.size !== undefined)) {
    return parted([...copyCostTables(cells), ratiosTable(result, scenario)]);
  }
  const pairs = pairsTable(result, cells);
  if (pairs !== null) return parted([pairs, ratiosTable(result, scenario, cells)]);
  return parted([plainTable(cells), ratiosTable(result, scenario)]);
}

/** Values that all cells of a table share, said once above it. */
function fixedParams(cells: readonly CellResult[]): string {
  const first = cells[0]?.params ?? {};
  const fixed = isSweep(cells)
    ? []
    : Object.entries(first).filter(
        ([name, value]) => cells.length > 1 && cells.every(({ params }) => params[name] === value),
      );
  return fixed.length === 0 ? '' : `; all with ${fixed.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

/** Of each design that waited for areas at all: how often, and how long, in a sample of the cell that waited longest. */
function areaLines(cells: readonly CellResult[]): string[] {
  const most = new Map<string, AreaWaits>();
  for (const cell of cells.filter(({ params }) => params.design !== undefined)) {
    const here = areaWaits(cell.ledger);
    if (here.waits > 0 && here.waitNs >= (most.get(designOf(cell))?.waitNs ?? 0)) most.set(designOf(cell), here);
  }
  const said = [...most].map(([design, { waits, waitNs }]) => `${design} ${waits} times, ${nanoseconds(waitNs)}`);
  return said.length === 0
    ? []
    : wrap(`most waiting for locks of areas in a sample: ${said.join('; ')}`, REPORT_WIDTH, '  ');
}

function scenarioSection(result: ResultDocument, scenario: ScenarioResult): string {
  const cells = result.results.filter((cell) => cell.scenario === scenario.name);
  const rounds = `${count(scenario.rounds.length, 'round')} in ${scenario.seconds.toFixed(0)} s after ${count(scenario.warmUpRounds, 'discarded warm-up round')}`;
  const legend =
    !isSweep(cells) && cells.some(({ ledger }) => ledger.coresUser !== undefined)
      ? [
          'user … rest, cores: CPU cores per 100 Gbit/s; softirq: share of bounced bytes copied there; ~: not significant',
        ]
      : [];
  const growthLegend = cells.some(({ ledger }) => couldGrow(ledger))
    ? ['unmapped: times that an skb found no bounce memory; added, transient: pools that stay, pools for one mapping']
    : [];
  return section(`${scenario.name}: ${scenario.question}`, [
    ...wrap(`${rounds}${fixedParams(cells)}`, REPORT_WIDTH),
    '',
    ...scenarioTables(result, scenario.name, cells),
    ...[...legend, ...growthLegend, ...areaLines(cells)].flatMap((line, at) => (at === 0 ? ['', line] : [line])),
  ]);
}

function warningLines(result: ResultDocument): string[] {
  return result.warnings.flatMap(({ code, seen, why, remedy }) => [
    ...wrap(`${code}: ${seen}`, REPORT_WIDTH, '  '),
    ...wrap(`why: ${why}`, REPORT_WIDTH, '       ', '  '),
    ...wrap(`try: ${remedy}`, REPORT_WIDTH, '       ', '  '),
  ]);
}

function missingLines({ machine, environment }: ResultDocument): string[] {
  return [...machine.missing, ...environment.missing].flatMap(({ fact, reason }) =>
    wrap(`${fact}: ${reason}`, REPORT_WIDTH, '  '),
  );
}

function howLines({ settings, machine, complete, interrupted, seconds }: ResultDocument): string[] {
  const state = interrupted ? 'interrupted' : complete ? 'complete' : 'incomplete';
  return wrap(
    `${state} after ${seconds.toFixed(1)} s; seed ${settings.seed}; host fingerprint ${machine.fingerprint}; ` +
      `copy kernel ${settings.kernel}; CPUs ${settings.cpus.join(', ')}`,
    REPORT_WIDTH,
  );
}

/** The whole report, ending with a line end. A pure function of the document. */
export function textReport(result: ResultDocument): string {
  const warnings = warningLines(result);
  const missing = missingLines(result);
  const sections = [
    verdict(result).join('\n'),
    ...result.scenarios.map((scenario) => scenarioSection(result, scenario)),
    ...(warnings.length > 0 ? [section('Warnings', warnings)] : []),
    ...(missing.length > 0 ? [section('Not known of this host', missing)] : []),
    section('Not measured, so this is a lower bound of the cost of bouncing', NOT_MEASURED),
    section('Run', howLines(result)),
  ];
  return `${sections.join('\n\n')}\n`;
}
