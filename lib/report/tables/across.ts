/** A table whose lines compare all cells that differ in one parameter only, side by side. */
import type { TableSpec } from '../../bench/plan/table-spec.js';
import type { CellResult, RatioResult, ResultDocument } from '../../bench/result/result.js';
import { measured, REPORT_WIDTH, ratio, significant } from './format.js';
import { headOf, shown } from './params.js';
import { table } from './table.js';
import { varying } from './tables.js';

/** What a report puts before a line of a table, characters. */
const INDENT = 2;

export type AcrossSpec = Extract<TableSpec, { kind: 'across' }>;

/**
 * One line for each combination of the other parameters. A value of the parameter has a column of medians, and one for
 * each key of the ledger; the ratios that compare two of its values follow, with their intervals. Medians have theirs
 * where a line has room for them. The legend says the unit of the medians. Null for no cell.
 */
export function acrossTable(result: ResultDocument, all: readonly CellResult[], spec: AcrossSpec): string | null {
  const wide = tableWith(result, all, spec, ({ summary }) => measured(summary));
  const isWide = wide?.split('\n').some((line) => line.length > REPORT_WIDTH - INDENT) ?? false;
  return isWide ? tableWith(result, all, spec, ({ summary }) => significant(summary.median)) : wide;
}

function tableWith(
  result: ResultDocument,
  all: readonly CellResult[],
  spec: AcrossSpec,
  textOf: (cell: CellResult) => string,
): string | null {
  const { by, only = {}, shows = ['medians', 'ledger', 'ratios'] } = spec;
  const hasMedians = shows.includes('medians');
  const ledger = shows.includes('ledger') ? spec.ledger : [];
  const cells = all.filter(({ params }) => Object.entries(only).every(([name, value]) => params[name] === value));
  if (cells.length === 0) return null;
  const names = varying(cells, [by]);
  const lineOf = ({ params }: CellResult) => names.map((name) => params[name]).join('/');
  const values = [...new Set(cells.map(({ params }) => String(params[by])))];
  const lines = [...new Set(cells.map(lineOf))].map((line) => cells.filter((cell) => lineOf(cell) === line));
  const ratios = lines.map((line) => ratiosWithin(shows.includes('ratios') ? result.ratios : [], line, by));
  const compared = [...new Set(ratios.flatMap((found) => [...found.keys()]))];
  const rows = lines.map((line, at) => [
    ...names.map((name) => shown(name, line[0]!.params[name])),
    ...values.flatMap((value) => {
      const cell = line.find(({ params }) => String(params[by]) === value);
      const parts = ledger.map(({ ledger: key }) => partText(cell?.ledger[key]));
      return hasMedians ? [cell === undefined ? '-' : textOf(cell), ...parts] : parts;
    }),
    ...compared.map((pair) => {
      const entry = ratios[at]!.get(pair);
      return entry === undefined ? '-' : ratio(entry);
    }),
  ]);
  // The first column of a value has its name.
  const named = hasMedians ? ['', ...ledger.map(({ head }) => head)] : ledger.map(({ head }) => head);
  const heads = values.flatMap((value) => named.map((head, at) => (at === 0 ? value : head)));
  return table([...names.map(headOf), ...heads, ...ratioHeads(compared)], rows, wordsOf(names, cells));
}

/** A count as it is, and any other number rounded. */
function partText(value: number | undefined): string {
  if (value === undefined) return '-';
  return Number.isInteger(value) ? `${value}` : significant(value);
}

/** The ratios of two cells of a line, by the values that they compare: `one:other`. */
function ratiosWithin(
  ratios: readonly RatioResult[],
  line: readonly CellResult[],
  by: string,
): Map<string, RatioResult> {
  const compared = new Map(line.map(({ id, params }) => [id, String(params[by])]));
  const within = ratios.filter(({ of, to }) => compared.has(of) && compared.has(to));
  return new Map(within.map((entry) => [`${compared.get(entry.of)}:${compared.get(entry.to)}`, entry]));
}

/** `x owner` for `page:owner`, where all ratios are of the same value: the legend says of which. */
function ratioHeads(compared: readonly string[]): string[] {
  const ofs = new Set(compared.map((pair) => pair.split(':')[0]));
  return ofs.size > 1 ? [...compared] : compared.map((pair) => `x ${pair.split(':')[1]}`);
}

/** Columns from the left that hold words. */
function wordsOf(names: readonly string[], cells: readonly CellResult[]): number {
  const firstNumber = names.findIndex((name) => typeof cells[0]!.params[name] === 'number');
  return firstNumber < 0 ? names.length : firstNumber;
}
