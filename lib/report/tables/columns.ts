/** A table whose columns a scenario chose: parameters, ledger keys, and the median of each cell. */

import type { Column } from '../../bench/plan/table-spec.js';
import type { CellResult } from '../../bench/result/result.js';
import { type LedgerUnit, ledgerUnit } from '../../bench/types/ledger-keys.js';
import { bytes, measured, nanoseconds, significant } from './format.js';
import { table } from './table.js';

const tenthsOfPercent = (share: number) => (100 * share).toFixed(1);

/** A number in its unit, which the head of the column names where this does not. */
function inUnit(value: number | undefined, unit: LedgerUnit | null): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (unit === 'share') return tenthsOfPercent(value);
  if (unit === 'bytes') return bytes(value);
  return unit === 'ns' ? nanoseconds(value) : significant(value);
}

function paramText(value: CellResult['params'][string] | undefined, unit: LedgerUnit | undefined): string {
  if (value === undefined) return '-';
  return unit === undefined ? String(value) : inUnit(Number(value), unit);
}

function textOf(column: Column, { params, ledger, summary }: CellResult): string {
  if ('value' in column) return measured(summary);
  if ('ledger' in column) return inUnit(ledger[column.ledger], column.unit ?? ledgerUnit(column.ledger));
  const text = paramText(params[column.param], column.unit);
  return column.to === undefined ? text : `${text} - ${paramText(params[column.to], column.unit)}`;
}

/** One line for each cell. `words`: columns from the left that hold words. */
export function columnsTable(cells: readonly CellResult[], columns: readonly Column[], words = 1): string {
  const rows = cells.map((cell) => columns.map((column) => textOf(column, cell)));
  return table(
    columns.map(({ head }) => head),
    rows,
    words,
  );
}
