/**
 * The result in at most twelve lines, and one more for each design beyond three, that can be pasted into an email: the
 * host, the condition, each design with its interval and its CPU cost, what the second copy costs, where a gain comes
 * from, and what was not measured.
 */
import type { CellResult, ResultDocument } from '../bench/result/result.js';
import { CONFIDENCE } from '../bench/statistics/statistics.js';
import {
  ALTERNATIVE,
  BASELINE,
  type Condition,
  cellOf,
  conditions,
  describe,
  designOf,
  headline,
  ratioToBaseline,
} from './tables/conditions.js';
import { poolSizing } from './tables/exhaustion.js';
import { count, measured, percent, REPORT_WIDTH, ratio, significant, wrap } from './tables/format.js';
import { hostLine } from './tables/host-line.js';
import { bounceNsPer64K, changes, coresTotal, softirqShare } from './tables/ledger.js';

/** A sentence of every report. */
export const LOWER_BOUND =
  'Memory-to-memory rates without encryption, hypervisor exits, NIC or wire: a lower bound of the cost of bouncing.';

function designLines(result: ResultDocument, condition: Condition): string[] {
  const rows = condition.cells.map((cell) => {
    const total = coresTotal(cell.ledger);
    const toBaseline = ratioToBaseline(result, condition, cell);
    return [
      designOf(cell),
      measured(cell.summary, ` ${cell.unit}`),
      total === null ? '' : `${total.toFixed(2)} cores per 100 Gbit/s`,
      toBaseline === null ? '' : `${ratio(toBaseline)} x ${BASELINE}`,
    ];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('   ')}`.trimEnd());
}

/** Says what the second copy costs, in a line; in none if that was not measured. */
function secondCopy(condition: Condition): string[] {
  const ledger = cellOf(condition, BASELINE)?.ledger;
  const ns = ledger && bounceNsPer64K(ledger);
  if (!ledger || !ns) return [];
  const share = softirqShare(ledger);
  const where = share === null ? '' : `; ${percent(share)} of its bytes are copied in softirq`;
  const cores = ledger.coresBounce;
  const cost = cores === undefined ? '' : `, ${cores.toFixed(2)} cores per 100 Gbit/s`;
  return [`The second copy takes ${significant(ns / 1000)} µs per 64 KiB${cost}${where}.`];
}

/** Says which parts of a core the alternative saves, by the ledgers of both designs. */
function gain(result: ResultDocument, condition: Condition): string | null {
  const [from, to] = [cellOf(condition, BASELINE), cellOf(condition, ALTERNATIVE)];
  const effect = to && ratioToBaseline(result, condition, to);
  if (!from || !to || !effect) return null;
  if (!effect.significant) return `${ALTERNATIVE} and ${BASELINE} do not differ significantly (~) here.`;
  const [before, after] = [coresTotal(from.ledger), coresTotal(to.ledger)];
  const rate = `${ALTERNATIVE} moves ${ratio(effect)} x what ${BASELINE} moves`;
  if (before === null || after === null) return `${rate}.`;
  const parts = changes(from.ledger, to.ledger).map(({ name, cores }) => `${name} ${signed(cores)}`);
  return `${rate}; cores per 100 Gbit/s ${signed(after - before)}: ${parts.join(', ')}.`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
}

function roundsOf(result: ResultDocument, cells: readonly CellResult[]): string {
  const rounds = Math.max(0, ...cells.map((cell) => cell.samples.length));
  if (rounds === 1) return `one round${stateOf(result)}, no intervals`;
  return `medians of ${count(rounds, 'round')}${stateOf(result)}, ${percent(confidenceOf(cells))} intervals`;
}

/** Returns 95 % where all intervals reach it, as they are made to, and otherwise what the least sure one reaches. */
function confidenceOf(cells: readonly CellResult[]): number {
  return Math.min(CONFIDENCE, ...cells.map(({ summary }) => summary.confidence));
}

function stateOf({ interrupted, complete }: ResultDocument): string {
  return interrupted ? ' (interrupted)' : complete ? '' : ' (incomplete)';
}

/** The codes of the warnings on one line; those that do not fit are counted. */
function warningsOf(result: ResultDocument): string[] {
  const codes = result.warnings.map(({ code }) => code);
  for (let shown = codes.length; shown > 0; shown--) {
    const more = shown < codes.length ? ` and ${codes.length - shown} more` : '';
    const line = `Warnings: ${codes.slice(0, shown).join(', ')}${more}.`;
    if (line.length <= REPORT_WIDTH) return [line];
  }
  return [];
}

/** What to boot with for the largest send buffers; the others stand below the tables. */
function sizing(result: ResultDocument): string[] {
  return poolSizing(result)
    .slice(-1)
    .flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
}

/** Returns the lines of the verdict, without line ends. It is about the transmit designs when they were measured. */
export function verdict(result: ResultDocument): string[] {
  const { version, commit, created } = result.environment;
  const title = `copytax ${version}${commit === null ? '' : ` (${commit.slice(0, 9)})`}, ${created.slice(0, 10)}`;
  const host = wrap(`${title}: ${hostLine(result)}`, REPORT_WIDTH, '  ').slice(0, 2);
  const condition = headline(conditions(result));
  if (condition === null) {
    const none = `No transmit design was measured${stateOf(result)}: see the tables for what was.`;
    return [...host, none, ...sizing(result), ...wrap(LOWER_BOUND, REPORT_WIDTH), ...warningsOf(result)];
  }
  return [
    ...host,
    ...wrap(`${describe(condition.params)}; ${roundsOf(result, condition.cells)}`, REPORT_WIDTH, '  '),
    ...designLines(result, condition),
    ...secondCopy(condition),
    ...wrap(gain(result, condition) ?? '', REPORT_WIDTH, '  ').filter((line) => line !== ''),
    ...warningsOf(result),
    LOWER_BOUND,
  ];
}
