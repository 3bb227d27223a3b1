/**
 * What bouncing costs relative to what a machine's own copies and caches can do: a machine with slow copies pays more
 * for a second one in any unit but its own. Pure.
 */
import { median } from 'simple-statistics';
import type { Comparison } from '../../bench/compare/comparison.js';
import { inCopies } from '../../bench/compare/copies.js';
import { type Kind, keyOf, type Row, type RunFacts } from '../../bench/compare/run-facts.js';
import type { Group } from '../../bench/compare/unlike.js';
import { formatCpuList } from '../../bench/facts/cpu-list.js';
import { lastLevelCacheBytes } from '../../bench/facts/memory/last-level-cache.js';
import { BASELINE } from '../tables/conditions.js';
import { bytes, nanoseconds, REPORT_WIDTH, significant, wrap } from '../tables/format.js';
import { shortened } from './group-labels.js';
import { type Headline, headlineOf, headlineRows } from './headline.js';
import { factor } from './row-words.js';

const NAME_WIDTH = 24;

const middle = (values: readonly number[]) => (values.length === 0 ? null : median([...values]));

/** The median over runs of a cost in copies of the run, by a cost in cores; null where it was not measured. */
function worthOf(runs: readonly RunFacts[], kind: Kind, id: string | undefined, isCold = false): number | null {
  if (id === undefined) return null;
  const worths = runs.flatMap(({ numbers, copies }) => {
    const number = numbers.get(keyOf({ kind, id }));
    const unitNs = isCold ? copies?.coldNs : copies?.hotNs;
    if (number === undefined || copies === null || unitNs == null) return [];
    return number.median * inCopies('cores', { ...copies, hotNs: unitNs });
  });
  return middle(worths);
}

function copyWords(runs: readonly RunFacts[]): string {
  const copies = runs.flatMap((run) => run.copies ?? []);
  const hot = middle(copies.map(({ hotNs }) => hotNs));
  if (hot === null) return 'copies of 64 KiB were not measured';
  const cold = middle(copies.flatMap(({ coldNs }) => coldNs ?? []));
  const kernels = [...new Set(copies.map(({ kernel }) => kernel))].join(', ');
  const flushed = cold === null ? '' : `, and ${nanoseconds(cold)} flushed from the caches`;
  return `one 64 KiB copy (${kernels}) takes ${nanoseconds(hot)} hot${flushed}`;
}

function cacheWords(runs: readonly RunFacts[]): string {
  const caches = [...new Set(runs.map(({ machine, cpus }) => lastLevelCacheBytes(machine, cpus)))];
  const words = caches.map((size) => (size === null ? 'of unknown size' : bytes(size)));
  const cpus = [...new Set(runs.map((run) => formatCpuList(run.cpus)))];
  return `last-level cache of CPUs ${cpus.length === 1 ? cpus[0] : 'that measured'}: ${words.join(' or ')}`;
}

function bounceWords(runs: readonly RunFacts[], ids: ReadonlyMap<string, string>): string[] {
  const [bounce, direct] = [ids.get(BASELINE), ids.get('direct')];
  const second = worthOf(runs, 'bounce copy', bounce);
  const flushed = worthOf(runs, 'bounce copy', bounce, true);
  const [all, floor] = [worthOf(runs, 'cost', bounce), worthOf(runs, 'cost', direct)];
  const told: string[] = [];
  if (second !== null) {
    const relative = flushed === null ? '' : ` (${significant(flushed)} flushed ones)`;
    told.push(`the bounce copy of 64 KiB costs ${significant(second)} copies' worth${relative}`);
  }
  if (all !== null) {
    const beside = floor === null ? '' : `, with direct ${significant(floor)}`;
    told.push(`sending them with bounce costs ${significant(all)} in all${beside}`);
  }
  return told;
}

function machineLines({ name, runs }: Group, ids: ReadonlyMap<string, string>): string[] {
  const words = [copyWords(runs), ...bounceWords(runs, ids), cacheWords(runs)];
  return wrap(`${shortened(name, NAME_WIDTH)}: ${words.join('; ')}`, REPORT_WIDTH, '    ', '  ');
}

/** `bounce-pages : bounce is 1.80 on a and 3.30 on b: 1.83 [1.70, 1.97] times as much`. */
function ratioLines({ groups, compared }: Comparison, found: Headline): string[] {
  const names = groups.map(({ name }) => shortened(name, NAME_WIDTH));
  return compared.flatMap(({ group, differences }) => {
    const rows = headlineRows(
      differences.map(({ row }) => row),
      found,
      'ratio',
    );
    return rows.flatMap(({ row, design }) => {
      const one = differences.find((other) => other.row === row)!;
      const interval = one.untold === 'no interval' ? '' : ` [${factor(one.low)}, ${factor(one.high)}]`;
      const mark = one.significant ? '' : one.untold === null ? ' (~)' : ' (?)';
      const both = `${factor(one.base)} on ${names[0]} and ${factor(one.value)} on ${names[group]}`;
      const text = `${design.replace(':', ' : ')} is ${both}: ${factor(one.ratio)}${interval} times as much${mark}`;
      return wrap(text, REPORT_WIDTH, '    ', '  ');
    });
  });
}

/** Returns the lines on each machine and on ratios of ratios; none for runs of one machine. */
export function machinesLines(comparison: Comparison): string[] {
  if (comparison.mode === 'same machine') return [];
  const found = headlineOf(comparison);
  const rows: Row[] = comparison.compared.flatMap(({ differences }) => differences.map(({ row }) => row));
  const designs = found === null ? [] : headlineRows(rows, found, 'value');
  const ids = new Map(designs.map(({ design, row }) => [design, row.id]));
  return [
    ...comparison.groups.flatMap((group) => machineLines(group, ids)),
    ...(found === null ? [] : ratioLines(comparison, found)),
  ];
}
