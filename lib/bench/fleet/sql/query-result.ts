/** Runs a query over a fleet, and makes plain values of what DuckDB returns. */
import type { FleetDatabase } from './fleet-database.js';

/** A value that JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Plain[])[];
}

/** What objects of DuckDB have, by their kind. */
interface Shapes {
  readonly items?: readonly unknown[];
  readonly entries?: readonly { readonly key: unknown; readonly value: unknown }[] | Readonly<Record<string, unknown>>;
  readonly micros?: bigint;
  readonly width?: number;
  toDouble?(): number;
}

function entriesOf(entries: NonNullable<Shapes['entries']>): Plain {
  const pairs = Array.isArray(entries)
    ? entries.map(({ key, value }: { key: unknown; value: unknown }) => [String(plain(key)), plain(value)] as const)
    : Object.entries(entries).map(([key, value]) => [key, plain(value)] as const);
  return Object.fromEntries(pairs);
}

/** `2026-01-01 00:00:00` as ISO 8601. */
function timestamp(text: string): string {
  return /^\d{4}-\d\d-\d\d /.test(text) ? text.replace(' ', 'T') : text;
}

/**
 * Returns a value of DuckDB as JSON has it: whole numbers that a double holds exactly as numbers and larger ones as
 * text, decimals as numbers, times as ISO 8601, lists as arrays, maps and structs as objects, the rest as its text.
 */
export function plain(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value as string | boolean;
  const { items, entries, micros, toDouble } = value as Shapes;
  if (items !== undefined) return items.map(plain);
  if (entries !== undefined) return entriesOf(entries);
  if (toDouble !== undefined) return (value as Required<Shapes>).toDouble();
  return micros === undefined ? String(value) : timestamp(String(value));
}

/** Resolves to all rows of a query. @throws ERR_SQL */
export async function queryFleet(database: FleetDatabase, sql: string): Promise<QueryResult> {
  const reader = await database.query(sql);
  return { columns: reader.deduplicatedColumnNames(), rows: reader.getRows().map((row) => row.map(plain)) };
}
