/**
 * The result in at most twelve lines, and one more for each design beyond three, that can be pasted into an email: the
 * host, the condition, each design with its interval and its CPU cost, what the second copy costs, where a gain comes
 * from, and what was not measured. Where sends through Linux were measured too, at most three lines more say what the
 * designs would move with its control plane.
 */
import { NS_PER_64K_PER_CORE } from '../bench/result/cores.js';
import { cpuDistance, isOnePlace } from '../bench/result/cpu-distance.js';
import type { CellResult, ResultDocument } from '../bench/result/result.js';
import { CONFIDENCE } from '../bench/statistics/statistics.js';
import { coresRange, costOf, printedParts, shownDifference } from './costs/costs.js';
import { linuxControlLines } from './linux-control.js';
import { commitOf } from './provenance.js';
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
import { count, measured, percent, REPORT_WIDTH, ratio, sampleNoun, significant, wrap } from './tables/format.js';
import { hostLine } from './tables/host-line.js';
import { softirqShare } from './tables/ledger.js';

/** A sentence of every report. */
export const LOWER_BOUND =
  'Memory-to-memory rates without encryption, hypervisor exits, NIC or wire: a lower bound of the cost of bouncing.';

/** A row for each design: its name, rate, cost and how many times the baseline that is; empty where not known. */
function designRows(result: ResultDocument, condition: Condition): string[][] {
  return condition.cells.map((cell) => {
    const cost = costOf(cell);
    const toBaseline = ratioToBaseline(result, condition, cell);
    return [
      designOf(cell),
      measured(cell.summary, ` ${cell.unit}`),
      cost === null ? '' : `${coresRange(cost)} cores per 100 Gbit/s`,
      toBaseline === null ? '' : `${ratio(toBaseline)} x ${BASELINE}`,
    ];
  });
}

function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('   ')}`.trimEnd());
}

/** Says what the second copy costs, in a line; in none if that was not measured. */
function secondCopy(condition: Condition): string[] {
  const cell = cellOf(condition, BASELINE);
  const cost = cell && costOf(cell);
  if (!cost || cost.parts.coresBounce.cores === 0) return [];
  const { cores, low, high } = cost.parts.coresBounce;
  const [taken, from, to] = [cores, low, high].map((value) => significant((value * NS_PER_64K_PER_CORE) / 1000));
  const time = low === high ? taken : `${taken} [${from}, ${to}]`;
  const share = softirqShare(cell.ledger);
  const where = share === null ? '' : `; ${percent(share)} of its bytes in softirq`;
  const printed = printedParts(cost).coresBounce;
  return [`The second copy takes ${time} µs per 64 KiB, ${printed} cores per 100 Gbit/s${where}.`];
}

/** Lines of the sentence on the gain. */
const GAIN_LINES = 2;

/** Says what the alternative gains, and which parts of a core it saves: as many of them as there is room for. */
function gain(result: ResultDocument, condition: Condition): string[] {
  const [from, to] = [cellOf(condition, BASELINE), cellOf(condition, ALTERNATIVE)];
  const effect = to && ratioToBaseline(result, condition, to);
  if (!from || !to || !effect) return [];
  const rate = effect.significant
    ? `${ALTERNATIVE} moves ${ratio(effect)} x what ${BASELINE} moves`
    : `${ALTERNATIVE} and ${BASELINE} do not differ significantly (~) in rate here`;
  const cost = shownDifference(result, to, from);
  if (cost === null) return wrap(`${rate}.`, REPORT_WIDTH, '  ');
  const said = (parts: readonly string[]) => {
    const ofParts = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
    return wrap(`${rate}; cores per 100 Gbit/s ${cost.text}${ofParts}.`, REPORT_WIDTH, '  ');
  };
  let { parts } = cost;
  while (parts.length > 0 && said(parts).length > GAIN_LINES) parts = parts.slice(0, -1);
  return said(parts);
}

function roundsOf(result: ResultDocument, cells: readonly CellResult[]): string {
  const rounds = Math.max(0, ...cells.map((cell) => cell.samples.length));
  if (rounds === 1) return `one ${sampleNoun(result)}${stateOf(result)}, no intervals`;
  return `medians of ${count(rounds, sampleNoun(result))}${stateOf(result)}, ${percent(confidenceOf(cells))} intervals`;
}

/** Says how many samples the medians of a result rest on, and what its intervals are. */
export function roundsLine(result: ResultDocument): string {
  const line = roundsOf(result, result.results);
  return `${line.slice(0, 1).toUpperCase()}${line.slice(1)}.`;
}

/**
 * Returns 95 % where all intervals reach it, as they are made to, and otherwise what the least sure one reaches. A cell
 * with one sample has no interval, and is shown without.
 */
function confidenceOf(cells: readonly CellResult[]): number {
  return Math.min(CONFIDENCE, ...cells.map(({ summary }) => summary.confidence).filter((sure) => sure > 0));
}

/**
 * Says how far the measuring CPUs are from each other, by the round trip of a cache line: runs in which a hypervisor
 * had them near and far are of two machines. Empty where that is not known.
 */
function distanceOf(result: ResultDocument): string {
  const distance = cpuDistance(result);
  if (distance === null) return '';
  const { low, middle, high } = distance;
  return `; CPUs ${isOnePlace(low, high) ? middle.toFixed(0) : `${low.toFixed(0)} to ${high.toFixed(0)}`} ns apart`;
}

function stateOf({ interrupted, complete }: ResultDocument): string {
  return interrupted ? ' (interrupted)' : complete ? '' : ' (incomplete)';
}

/** The codes of the warnings on one line; those that do not fit are counted. */
export function codesLine(result: ResultDocument): string[] {
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

/** A verdict in parts: lines, and between them a row for each design, which may be none. */
export interface VerdictParts {
  readonly above: readonly string[];
  readonly designs: readonly (readonly string[])[];
  readonly below: readonly string[];
}

/** Returns the parts of the verdict. It is about the transmit designs when they were measured. */
export function verdictParts(result: ResultDocument): VerdictParts {
  const { version, created } = result.environment;
  const title = `copytax ${version}${commitOf(result.environment)}, ${created.slice(0, 10)}`;
  const host = wrap(`${title}: ${hostLine(result)}`, REPORT_WIDTH, '  ').slice(0, 2);
  const condition = headline(conditions(result));
  if (condition === null) {
    const none = `No transmit design was measured${stateOf(result)}: see the tables for what was.`;
    const below = [...sizing(result), ...wrap(LOWER_BOUND, REPORT_WIDTH), ...codesLine(result)];
    return { above: [...host, none], designs: [], below };
  }
  const words = `${describe(condition.params)}; ${roundsOf(result, condition.cells)}${distanceOf(result)}`;
  return {
    above: [...host, ...wrap(words, REPORT_WIDTH, '  ')],
    designs: designRows(result, condition),
    below: [
      ...secondCopy(condition),
      ...gain(result, condition),
      ...linuxControlLines(result, condition),
      ...codesLine(result),
      LOWER_BOUND,
    ],
  };
}

/** Returns the lines of the verdict, without line ends. It is about the transmit designs when they were measured. */
export function verdict(result: ResultDocument): string[] {
  const { above, designs, below } = verdictParts(result);
  return [...above, ...alignedLines(designs), ...below];
}
