/**
 * How tables and sentences show a parameter of a cell: those of the table of options, and the few of other scenarios.
 */
import { CELL_PARAMS, type ReportedParam } from '../../bench/plan/bench-option-table.js';
import { bytes, nanoseconds } from './format.js';

const BY_NAME: ReadonlyMap<string, ReportedParam> = new Map(CELL_PARAMS.map((param) => [param.name, param]));

/** Parameters of other scenarios that are sizes. */
const SIZES: readonly string[] = ['size', 'queued'];

/** The row of the table of options that a parameter belongs to, if it does. */
export function paramOf(name: string): ReportedParam | undefined {
  return BY_NAME.get(name);
}

/** The head of a parameter's column. */
export function headOf(name: string): string {
  return paramOf(name)?.head ?? name;
}

/** A value as a table shows it: sizes and times with their units, and `-` for none. */
export function shown(name: string, value: string | number | boolean | undefined): string {
  if (typeof value !== 'number') return value === undefined ? '-' : `${value}`;
  const kind = paramOf(name)?.values.kind;
  if (kind === 'nanoseconds') return value === 0 ? '0' : nanoseconds(value);
  return kind === 'bytes' || kind === 'power of two' || SIZES.includes(name) ? bytes(value) : `${value}`;
}
