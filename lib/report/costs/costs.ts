/** What a byte costs in CPU time, as every table, sentence and picture of a report shows it. */

import { coresOf, costDifference, type RoundCost, roundCost, totalOf } from '../../bench/result/cores.js';
import type { Cores, CostDifference } from '../../bench/result/cores-schema.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { hasInterval, MINIMAL_ROUNDS, type Summary } from '../../bench/statistics/statistics.js';
import { CORE_KEYS, type CoreKey, MINIMAL_CPU_SHARE } from '../../bench/types/ledger-keys.js';

/** The parts of a cost, in the order of a report. */
export const CORE_PARTS = [
  { key: 'coresUser', name: 'user copy', short: 'user' },
  { key: 'coresBounce', name: 'bounce copy', short: 'bounce' },
  { key: 'coresSlotPage', name: 'slot and page work', short: 'slot+page' },
  { key: 'coresLockWait', name: 'waiting for locks', short: 'locks' },
  { key: 'coresRest', name: 'rest of the control plane', short: 'rest' },
] as const satisfies readonly { readonly key: CoreKey; readonly name: string; readonly short: string }[];

/** The digits after the point of every cost. */
const DECIMALS = 2;
const UNITS = 10 ** DECIMALS;
/** Parts of an older file differ by as much at least before a sentence speaks of them. */
const SMALLEST_CHANGE = 1 / UNITS;

/**
 * Returns what a byte costs in a cell, or null where that is not given. Files from before it was recorded have the
 * costs of single rounds, or only medians of the parts: then the sum of these, without an interval.
 */
export function costOf(cell: CellResult): Cores | null {
  return cell.cores ?? coresOf(sampledCosts(cell)) ?? sumOfMedians(roundCost(cell.ledger));
}

function sampledCosts({ ledgerSamples }: CellResult): RoundCost[] {
  const sampled = CORE_KEYS.map((key) => ledgerSamples?.[key] ?? []);
  const rounds = Math.min(...sampled.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    roundCost(Object.fromEntries(CORE_KEYS.map((key, at) => [key, sampled[at]![round] ?? Number.NaN]))),
  );
}

function sumOfMedians(parts: RoundCost): Cores | null {
  if (parts === null) return null;
  const total = totalOf(parts);
  const alone = CORE_KEYS.map((key) => [key, { cores: parts[key], low: parts[key], high: parts[key] }]);
  const single = { median: total, low: total, high: total, confidence: 0, rounds: 0 };
  return { ...single, parts: Object.fromEntries(alone) as Cores['parts'] };
}

/** True if a cell was to have a cost: false for rates of copies and the like. */
export function mayCost({ ledger, ledgerSamples }: CellResult): boolean {
  return ledger.coresUser !== undefined || ledgerSamples?.coresTotal !== undefined;
}

const fixed = (value: number) => (Number.isFinite(value) ? value.toFixed(DECIMALS) : '-');

/** Returns `0.36 [0.35, 0.37]`, the number alone where it has no interval, and `-` where none is given. */
export function coresRange(cost: Summary | null): string {
  if (cost === null) return '-';
  return hasInterval(cost) ? `${fixed(cost.median)} [${fixed(cost.low)}, ${fixed(cost.high)}]` : fixed(cost.median);
}

/** Returns `0.36±0.01`: the median and half the width of its interval. */
export function coresText(cost: Summary | null): string {
  if (cost === null) return '-';
  return hasInterval(cost) ? `${fixed(cost.median)}±${fixed((cost.high - cost.low) / 2)}` : fixed(cost.median);
}

/**
 * Returns the parts as they are printed, without intervals, so that the printed numbers add up to the printed total:
 * all are rounded down, and those that lose most by it are rounded up until the sum is right.
 */
export function printedParts({ median, parts }: Cores): Record<CoreKey, string> {
  const scaled = CORE_KEYS.map((key) => parts[key].cores * UNITS);
  // A hair more, so that 0.35 in binary is not one hundredth less.
  const units = scaled.map((value) => Math.floor(value + 1e-9));
  const missing = Math.round(Number(fixed(median)) * UNITS) - units.reduce((sum, value) => sum + value, 0);
  const loses = (at: number) => scaled[at]! - units[at]!;
  const raised = [...CORE_KEYS.keys()].sort((a, b) => loses(b) - loses(a)).slice(0, Math.max(0, missing));
  for (const at of raised) units[at]! += 1;
  return Object.fromEntries(CORE_KEYS.map((key, at) => [key, fixed(units[at]! / UNITS)])) as Record<CoreKey, string>;
}

/** Returns the parts with half the widths of their intervals, `0.21±0.01`; without them where there are none. */
export function partTexts(cost: Cores): Record<CoreKey, string> {
  const printed = printedParts(cost);
  if (!hasInterval(cost)) return printed;
  const texts = CORE_KEYS.map((key) => {
    const { low, high } = cost.parts[key];
    return [key, `${printed[key]}±${fixed((high - low) / 2)}`];
  });
  return Object.fromEntries(texts) as Record<CoreKey, string>;
}

/** Returns the parts in the order of a report, as `texts` prints them; dashes where no cost is given. */
export function partColumns(cost: Cores | null, texts: typeof printedParts): string[] {
  const printed = cost === null ? null : texts(cost);
  return CORE_KEYS.map((key) => printed?.[key] ?? '-');
}

/**
 * Says which designs have no cost in some cell, and in how many rounds their threads had CPUs; no line if all have one.
 * `hostCpus`: those that the run measured on; `noun`: what a sample is, `round` or `run`.
 */
export function notGivenLines(cells: readonly CellResult[], hostCpus: number, noun = 'round'): string[] {
  const without = cells.filter((cell) => mayCost(cell) && costOf(cell) === null);
  if (without.length === 0) return [];
  const designs = [...new Set(without.map(({ params }) => String(params.design)))];
  const byRounds = new Map<string, string[]>();
  for (const design of designs) {
    const rounds = samplesWith(
      without.filter(({ params }) => params.design === design),
      noun,
    );
    byRounds.set(rounds, [...(byRounds.get(rounds) ?? []), design]);
  }
  const said = [...byRounds].map(([rounds, names]) => `${names.join(', ')} in ${rounds}`);
  const isShort = without.some(({ params }) => params.device === 'read' && Number(params.cpus) >= hostCpus);
  const why = isShort ? `; a device that reads has a thread too, and the run had ${hostCpus} CPUs for all` : '';
  const rule = `a round has a cost if the threads had their CPUs for ${100 * MINIMAL_CPU_SHARE} % of it,`;
  const which = noun === 'run' ? 'a run' : 'and a cell';
  const ofRuns = noun === 'run' ? ', and a cell if half of the runs have one' : '';
  const enough = `${which} if that are ${MINIMAL_ROUNDS} rounds or more and half of all${ofRuns};`;
  return [`cores -: not given: ${rule} ${enough} ${said.join('; ')}${why}`];
}

/** Returns `2 of 12 rounds`: the samples with which cells have a cost. */
function samplesWith(cells: readonly CellResult[], noun: string): string {
  const having = cells.map(({ ledgerSamples }) => {
    const totals = ledgerSamples?.coresTotal ?? [];
    return totals.filter((cost) => cost !== null).length;
  });
  const [fewest, most] = [Math.min(...having), Math.max(...having)];
  const rounds = Math.max(...cells.map(({ samples }) => samples.length));
  return `${fewest === most ? fewest : `${fewest} to ${most}`} of ${rounds} ${rounds === 1 ? noun : `${noun}s`}`;
}

/** The difference of two costs as a sentence has it. */
export interface ShownDifference {
  /** `-0.80 [-0.82, -0.78]`, with `~` before it where it is not significant; older files have no interval. */
  readonly text: string;
  readonly significant: boolean;
  /** The parts of which something can be said, the largest first. */
  readonly parts: readonly string[];
}

const signed = (value: number) => `${value < 0 ? '-' : '+'}${fixed(Math.abs(value))}`;

/** Returns by how much the cost of a cell differs from that of another; null where that is not given. */
export function shownDifference(result: ResultDocument, of: CellResult, to: CellResult): ShownDifference | null {
  const recorded = result.costDifferences.find((one) => one.of === of.id && one.to === to.id);
  const found = recorded ?? costDifference(sampledCosts(of), sampledCosts(to));
  return found === null ? olderDifference(costOf(of), costOf(to)) : pairedDifference(found);
}

function pairedDifference({ median, low, high, significant, parts }: CostDifference): ShownDifference {
  const said = CORE_PARTS.filter(({ key }) => parts[key].significant)
    .sort((a, b) => Math.abs(parts[b.key].median) - Math.abs(parts[a.key].median))
    .map(({ key, name }) => `${name} ${signed(parts[key].median)}`);
  const text = `${significant ? '' : '~ '}${signed(median)} [${signed(low)}, ${signed(high)}]`;
  return { text, significant, parts: significant ? said : [] };
}

/** Of two sums of medians. What has an interval was measured in rounds, which then have too few pairs. */
function olderDifference(of: Cores | null, to: Cores | null): ShownDifference | null {
  if (of === null || to === null || hasInterval(of) || hasInterval(to)) return null;
  const changes = CORE_PARTS.map(({ key, name }) => ({ name, cores: of.parts[key].cores - to.parts[key].cores }));
  const said = changes
    .filter(({ cores }) => Math.abs(cores) >= SMALLEST_CHANGE)
    .sort((a, b) => Math.abs(b.cores) - Math.abs(a.cores))
    .map(({ name, cores }) => `${name} ${signed(cores)}`);
  return { text: signed(of.median - to.median), significant: true, parts: said };
}
