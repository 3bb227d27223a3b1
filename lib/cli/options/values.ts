/**
 * Values of options as text: sizes, times, integers, words, and comma-separated lists of them. Errors name what is
 * valid.
 */

import { parseCpuList } from '../../bench/facts/cpu-list.js';
import type { Range } from '../../bench/plan/option-row.js';
import { oneOf } from '../../limits.js';
import { isPowerOfTwo } from '../../units.js';
import { unknownWord, usageError } from './usage.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

const DURATIONS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

const MOST_EXAMPLES = 3;
const SIZES = [UNITS.K! * 64, UNITS.M! * 4, UNITS.G!];
const TIMES = [500, 5e4, 1e6, 1e7, 1e9, 6e10];

/** Returns the shortest text that `parseSize` reads as the same size: `65536` -> `64K`. */
export function sizeText(bytes: number): string {
  const unit = ['G', 'M', 'K'].find((name) => bytes >= UNITS[name]! && bytes % UNITS[name]! === 0) ?? '';
  return `${bytes / UNITS[unit]!}${unit}`;
}

function clamp(value: number, { min, max }: Range): number {
  return Math.min(max, Math.max(min, value));
}

function requireRange(option: string, given: string, value: number, range: Range, show: (value: number) => string) {
  if (value >= range.min && value <= range.max) return;
  const best = show(clamp(value, range));
  throw usageError(
    `${option} ${given} is out of range: the nearest valid value is ${best} (${show(range.min)} to ${show(range.max)})`,
    { option, given, nearest: best },
  );
}

/** Values that an error names as ways to write one, as far as they are within the range. */
function examples(all: readonly number[], range: Range, show: (value: number) => string): string[] {
  const valid = all.filter((value) => value >= range.min && value <= range.max);
  return (valid.length === 0 ? [range.min] : valid).slice(0, MOST_EXAMPLES).map(show);
}

/** Parses `64K`, `4M`, `1G` (also `64KiB`, `64k`) or plain bytes. @throws ERR_USAGE */
export function parseSize(option: string, text: string, range: Range): number {
  const match = /^(\d+)\s*(?:([KMG])(?:i?B)?|B)?$/i.exec(text);
  if (match === null) {
    const sizes = examples(SIZES, range, sizeText).join(', ');
    throw usageError(`${option} '${text}' is not a size: write bytes, or ${sizes}`, { option, given: text });
  }
  const bytes = Number(match[1]) * UNITS[(match[2] ?? '').toUpperCase()]!;
  requireRange(option, text, bytes, range, sizeText);
  return bytes;
}

/** Parses `50us`, `1ms` or `0` into nanoseconds. @throws ERR_USAGE */
export function parseDuration(option: string, text: string, range: Range): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s)$|^0$/i.exec(text);
  if (match === null) {
    const times = [...examples(TIMES, range, durationText), ...(range.min === 0 ? ['or 0'] : [])].join(', ');
    throw usageError(`${option} '${text}' is not a time: write ${times}`, { option, given: text });
  }
  const ns = Number(match[1] ?? 0) * DURATIONS[(match[2] ?? 'ns').toLowerCase()]!;
  requireRange(option, text, ns, range, durationText);
  return ns;
}

/** Returns the shortest text that `parseDuration` reads as the same time: `50000` -> `50us`. */
export function durationText(ns: number): string {
  const unit = ['s', 'ms', 'us'].find((name) => ns >= DURATIONS[name]! && ns % DURATIONS[name]! === 0) ?? 'ns';
  return ns === 0 ? '0' : `${ns / DURATIONS[unit]!}${unit}`;
}

/** Parses a size that must be a power of two. @throws ERR_USAGE with the nearest power of two */
export function parsePowerOfTwo(option: string, text: string, range: Range): number {
  const bytes = parseSize(option, text, range);
  if (isPowerOfTwo(bytes)) return bytes;
  const below = 2 ** Math.floor(Math.log2(bytes));
  const best = bytes - below <= 2 * below - bytes ? below : 2 * below;
  throw usageError(`${option} ${text} is not a power of two: the nearest valid value is ${sizeText(best)}`, {
    option,
    given: text,
    nearest: sizeText(best),
  });
}

/** Parses a decimal integer. @throws ERR_USAGE */
export function parseInteger(option: string, text: string, range: Range): number {
  if (!/^\d+$/.test(text)) throw usageError(`${option} '${text}' is not a whole number`, { option, given: text });
  requireRange(option, text, Number(text), range, String);
  return Number(text);
}

/** Parses a comma-separated list, in the order given. @throws ERR_USAGE if an entry is empty or repeated */
export function parseList<Value>(option: string, text: string, parse: (item: string) => Value): Value[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) {
    throw usageError(`${option} '${text}' has an empty entry: separate values by single commas`, {
      option,
      given: text,
    });
  }
  const values = items.map(parse);
  const repeated = items.find((_, index) => values.indexOf(values[index]!) !== index);
  if (repeated !== undefined) throw usageError(`${option} names ${repeated} twice`, { option, given: text });
  return values;
}

/** Parses a list of CPUs like `0-3,8`. @throws ERR_USAGE if one of them is not among `available` */
export function parseCpus(option: string, text: string, available: readonly number[], listed: string): number[] {
  const cpus = parseCpuList(text);
  if (cpus === null || cpus.length === 0) {
    throw usageError(`${option} '${text}' is not a list of CPUs: write ${listed}`, { option, given: text });
  }
  const absent = cpus.find((cpu) => !available.includes(cpu));
  if (absent !== undefined) {
    const best = available.reduce((a, b) => (Math.abs(b - absent) < Math.abs(a - absent) ? b : a));
    throw usageError(
      `${option}: this process may not use CPU ${absent}; the nearest valid one is ${best} (of ${listed})`,
      { option, given: text, nearest: best },
    );
  }
  return cpus;
}

const BARS = ['auto', 'always', 'never'] as const;
/** When there are bars. */
export type BarsChoice = (typeof BARS)[number];

export const BARS_HELP =
  'bars and marks beside numbers: auto (on a terminal of at least 100 columns), always or never; default: auto';

/** @throws ERR_USAGE for another word */
export function parseBars(given: string | undefined): BarsChoice {
  return given === undefined ? 'auto' : oneOf('bars', given, BARS, unknownWord);
}
