/** A number of a comparison as it is shown: its value with a unit, its factor, and whether that is for the better. */
import type { Difference } from '../../bench/compare/compare-groups.js';
import type { Row } from '../../bench/compare/run-facts.js';
import { nanoseconds, significant } from '../tables/format.js';

const UNIT_WORDS: Readonly<Record<string, string>> = { '': '', 'cores per 100 Gbit/s': 'cores' };

/** Returns a factor with two digits behind the point, or three significant ones where that is more. */
export function factor(value: number): string {
  return value >= 0.1 && value < 100 ? value.toFixed(2) : significant(value);
}

/** Returns `333 Gbit/s`, `1.42 ms`, `1.76 cores`, `1.83` or `3.20 copies`. */
export function valueText(value: number, { kind, unit }: Pick<Row, 'kind' | 'unit'>): string {
  if (kind === 'ratio') return factor(value);
  if (unit === 'ns') return nanoseconds(value);
  return [significant(value), UNIT_WORDS[unit] ?? unit].filter((word) => word !== '').join(' ');
}

/** Returns what a row is of, in a word or two. */
export function whatOf({ kind, unit }: Pick<Row, 'kind' | 'unit'>): string {
  if (kind === 'worth') return 'in copies';
  if (kind !== 'value') return kind;
  return unit === 'ns' ? 'time' : unit.endsWith('/s') ? 'rate' : 'value';
}

/** Returns `0.95 [0.93, 0.97]`; after `~` if that is not significant, and after `?` if it cannot be told. */
export function ratioText({ ratio, low, high, significant: isSure, untold }: Difference): string {
  const mark = untold !== null ? '? ' : isSure ? '' : '~ ';
  const interval = untold === 'no interval' ? '' : ` [${factor(low)}, ${factor(high)}]`;
  return `${mark}${factor(ratio)}${interval}`;
}

/** Returns `better` or `worse`; where a row has no better side, `more` or `less`; nothing if it is not significant. */
export function verdictWord({ row, ratio, significant: isSure }: Difference): string {
  if (!isSure) return '';
  if (row.higherIsBetter === null) return ratio > 1 ? 'more' : 'less';
  return ratio > 1 === row.higherIsBetter ? 'better' : 'worse';
}
