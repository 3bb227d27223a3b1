/** Numbers as a report shows them: three significant digits, because no interval here supports a fourth. */

import type { ResultDocument } from '../../bench/result/result.js';
import type { RatioSummary } from '../../bench/statistics/paired-ratio.js';
import { hasInterval, type Summary } from '../../bench/statistics/statistics.js';
import { GIB, KIB, MIB } from '../../units.js';

/** Longest line of a report, in characters: an email can quote it. */
export const REPORT_WIDTH = 112;

/**
 * Returns a report with spaces for control characters other than line ends: names and messages in a file are not this
 * program's, and a terminal would obey them.
 */
export function harmless(report: string): string {
  return report.replace(/[^\P{Cc}\n]/gu, ' ');
}

/** Returns a measured value with three significant digits, never with an exponent. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) * 1.0005)));
  return value.toFixed(Math.min(digits, 6));
}

/** Returns `64 KiB` for 65536; bytes that are not a multiple of a unit stay bytes. */
export function bytes(value: number): string {
  for (const [unit, name] of [
    [GIB, 'GiB'],
    [MIB, 'MiB'],
    [KIB, 'KiB'],
  ] as const) {
    if (value >= unit && Number.isInteger((value / unit) * 2)) return `${value / unit} ${name}`;
  }
  return `${value} B`;
}

/** Returns a size that was measured, not chosen, such as that of memory: `23.5 GiB`. */
export function roughBytes(value: number): string {
  const [unit, name] = value >= GIB ? [GIB, 'GiB'] : [MIB, 'MiB'];
  return value < MIB ? bytes(value) : `${significant(value / unit)} ${name}`;
}

type Ends = Readonly<Record<'low' | 'high', number>>;

/** Returns what stands behind a median: ` [1.98, 2.10]`, and nothing for a single round, which has no interval. */
function interval(summary: Ends & Parameters<typeof hasInterval>[0], text: (value: number) => string): string {
  return hasInterval(summary) ? ` [${text(summary.low)}, ${text(summary.high)}]` : '';
}

/** Returns `175 [168, 185]`, or `175 Gbit/s [168, 185]` with the unit ` Gbit/s`; no interval for a single sample. */
export function measured(summary: Summary, unit = ''): string {
  return `${significant(summary.median)}${unit}${interval(summary, significant)}`;
}

/** Returns `2.05 [1.98, 2.10]`, with `~` before it when the difference is not significant. A single round: `~ 2.05`. */
export function ratio(summary: RatioSummary): string {
  const text = (value: number) => value.toFixed(2);
  return `${summary.significant ? '' : '~ '}${text(summary.median)}${interval(summary, text)}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** What one sample of a result is, as a noun. */
export function sampleNoun({ sampledBy }: Pick<ResultDocument, 'sampledBy'>): string {
  return sampledBy;
}

export function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

const DURATIONS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

function durationUnit(ns: number): readonly [size: number, name: string] {
  return DURATIONS.find(([size]) => ns >= size) ?? [1, 'ns'];
}

/** Returns `1.42 ms` for 1,420,000 nanoseconds. */
export function nanoseconds(value: number): string {
  const [unit, name] = durationUnit(value);
  return `${significant(value / unit)} ${name}`;
}

/** Returns `3.32 [3.28, 3.35] µs` for nanoseconds; the three have one unit. */
export function duration(summary: Summary): string {
  const [unit, name] = durationUnit(summary.median);
  const text = (value: number) => significant(value / unit);
  return `${text(summary.median)}${interval(summary, text)} ${name}`;
}

/** Breaks text at spaces into lines of at most `width`; the first line begins with `first`, the others with `rest`. */
export function wrap(text: string, width: number, rest = '', first = ''): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
