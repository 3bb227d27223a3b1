/** What performance counters say of copies, per KiB, and why they say nothing. Pure. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { COUNTER_KEYS, type LedgerKey } from '../../bench/types/ledger-keys.js';
import { percent, significant, wrap } from '../tables/format.js';
import { shown } from '../tables/params.js';
import { table } from '../tables/table.js';
import { varying } from '../tables/tables.js';

const HEADS: Readonly<Partial<Record<LedgerKey, string>>> = {
  cyclesPerKiB: 'cycles',
  instructionsPerKiB: 'instructions',
  llcMissesPerKiB: 'LLC misses',
  dtlbLoadMissesPerKiB: 'TLB loads',
  dtlbStoreMissesPerKiB: 'TLB stores',
  countersRanShare: 'counted',
};

/** Lines below the tables. */
export const COUNTED_LEGEND: readonly string[] = [
  'counts are per copied KiB, in user mode, without what an empty batch counts; TLB: loads and stores that missed it',
  'misses are what this CPU counts as such',
  'counted: least share of the time that a counter ran; below 100 % counts were scaled up',
];

function textOf(key: LedgerKey, value: number | undefined): string {
  if (value === undefined) return '-';
  return key === 'countersRanShare' ? percent(value) : significant(value);
}

/** Lines of a part: a report of several hundred is not read, and the result has them all. */
const MOST_LINES = 60;

/**
 * Returns a table for each part of the scenario in which cells were counted, under its name if there are several. Of
 * several parts those that have more than `mostLines` cells are a sentence.
 */
export function countersTables(cells: readonly CellResult[], mostLines = MOST_LINES): string[] {
  const counted = cells.filter(({ ledger }) => COUNTER_KEYS.some((key) => ledger[key] !== undefined));
  // Parts have parameters of their own: one table for all of them would be too wide.
  const parts = [...new Set(counted.map(({ params }) => params.part))];
  return parts.map((part) => {
    const own = counted.filter(({ params }) => params.part === part);
    if (parts.length === 1) return countersTable(own);
    if (own.length > mostLines) return `${part}, counts per KiB: of ${own.length} cells, in the result (--json)`;
    return `${part}, counts per KiB\n${countersTable(own)}`;
  });
}

/** A line for each of these cells, and a column for each counter that counted. */
function countersTable(counted: readonly CellResult[]): string {
  const keys = COUNTER_KEYS.filter((key) => counted.some(({ ledger }) => ledger[key] !== undefined));
  const names = varying(counted, []);
  const rows = counted.map(({ params, ledger }) => [
    ...names.map((name) => shown(name, params[name])),
    ...keys.map((key) => textOf(key, ledger[key])),
  ]);
  return table([...names, ...keys.map((key) => HEADS[key] ?? key)], rows, names.length);
}

/** Returns what the run could not count, why, and what to try; nothing in files that do not tell. */
export function counterLines({ counters }: Pick<ResultDocument['environment'], 'counters'>, width: number): string[] {
  const byReason = new Map<string, { names: string[]; remedy: string }>();
  for (const { name, why, remedy } of counters?.refused ?? []) {
    const entry = byReason.get(why) ?? { names: [], remedy };
    byReason.set(why, { ...entry, names: [...entry.names, name] });
  }
  return [...byReason].flatMap(([why, { names, remedy }]) => [
    ...wrap(`${names.join(', ')}: ${why}`, width, '  '),
    ...wrap(`try: ${remedy}`, width, '       ', '  '),
  ]);
}
