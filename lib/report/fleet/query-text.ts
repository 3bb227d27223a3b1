/** The rows of a query as a table. Fast for hundreds of thousands of rows. Pure. */
import type { Plain, QueryResult } from '../../bench/fleet/sql/query-result.js';

function cell(value: Plain): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replaceAll(/[\r\n\t]+/g, ' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns a table with a head, numbers to the right, and a line end after each row. Missing values are empty. */
export function queryText({ columns, rows }: QueryResult): string {
  const texts = rows.map((row) => row.map(cell));
  const widths = columns.map((name, at) => texts.reduce((most, row) => Math.max(most, row[at]!.length), name.length));
  const isNumber = columns.map((_, at) => rows.every((row) => row[at] === null || typeof row[at] === 'number'));
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => (isNumber[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return `${[line(columns), ...texts.map(line)].join('\n')}\n`;
}

/** Returns the rows as JSON, one object a line within an array. */
export function queryJson({ columns, rows }: QueryResult): string {
  const objects = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, row[at]!]))));
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}
