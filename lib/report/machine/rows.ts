/** The form of the facts of a host: groups with a heading, and rows of a name and a value below it. Pure. */
import { formatCpuList } from '../../bench/facts/cpu-list.js';
import { wrap } from '../tables/format.js';

/** Fits a terminal of the usual width. */
const WIDTH = 80;
const NAME_WIDTH = 24;
/** Lists that are longer say how many more there are. */
const MAX_LISTS = 6;

/** A list of CPUs that is longer is written with steps, or cut. */
const MAX_LIST_LENGTH = 32;

/** A value of null is left out: why it is not known stands at the end. */
export type Row = readonly [name: string, value: string | null];

export interface Group {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** Nothing of a group without a known fact. */
export function groupLines({ heading, rows }: Group): string[] {
  const lines = rows.flatMap(([name, value]) => {
    if (value === null || value === '') return [];
    const rest = ' '.repeat(2 + NAME_WIDTH);
    const first = `  ${name.padEnd(NAME_WIDTH - 1)} `;
    return wrap(value, WIDTH, rest, first);
  });
  return lines.length === 0 ? [] : [heading, ...lines, ''];
}

/** `0-3,8`; long lists as `0-78:2`, which taskset reads as every second one, or as `0,3,4,... (40)`. */
export function cpusText(cpus: readonly number[]): string {
  const all = formatCpuList(cpus);
  if (all.length <= MAX_LIST_LENGTH) return all;
  const [first, second] = cpus as [number, number];
  const step = second - first;
  if (cpus.every((cpu, at) => cpu === first + at * step)) return `${first}-${cpus.at(-1)}:${step}`;
  const end = all.lastIndexOf(',', MAX_LIST_LENGTH);
  return `${all.slice(0, end + 1)}... (${cpus.length})`;
}

/** `CPUs 0-3 | 4-7 | ... 14 more`. */
export function listsText(lists: readonly (readonly number[])[]): string {
  const shown = lists.length > MAX_LISTS ? lists.slice(0, MAX_LISTS - 1) : lists;
  const more = lists.length - shown.length;
  return `CPUs ${shown.map(cpusText).join(' | ')}${more > 0 ? ` | ... ${more} more` : ''}`;
}

/** Several known parts with commas between them; null if none is known. */
export function joined(...parts: readonly (string | null | false)[]): string | null {
  return parts.filter((part) => part !== null && part !== false && part !== '').join(', ') || null;
}

export function shown(value: number | string | null, unit = ''): string | null {
  return value === null ? null : `${value}${unit}`;
}

export function yesOrNo(value: boolean | null): string | null {
  return value === null ? null : value ? 'yes' : 'no';
}
