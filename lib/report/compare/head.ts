/** What is compared and how, before the numbers. Pure. */
import type { GroupComparison } from '../../bench/compare/compare-groups.js';
import { areHostsKnown, type Comparison, knowsItsRuns } from '../../bench/compare/comparison.js';
import { RUN_FLOOR } from '../../bench/compare/run-to-run.js';
import type { Group } from '../../bench/compare/unlike.js';
import { count, percent, REPORT_WIDTH, wrap } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { shortened } from './group-labels.js';

const NAME_WIDTH = 40;

/** `before (5 runs, the base)`. */
function groupWords({ name, runs }: Group, at: number): string {
  return `${shortened(name, NAME_WIDTH)} (${count(runs.length, 'run')}${at === 0 ? ', the base' : ''})`;
}

const BY_RUNS = 'by the order of runs (rank test)';
const BY_VARIANCE = 'by how much all runs of the same host in these files vary';
const BY_INTERVALS =
  `by the intervals of single runs, with ${percent(RUN_FLOOR)} from run to run added, which they do not hold; ` +
  'for better evidence take 5 runs a side with `bench --runs 5`';

export function methodOf(comparison: Comparison, { method, group }: GroupComparison & { group: number }): string {
  if (method === 'runs') return BY_RUNS;
  return knowsItsRuns(comparison, group) ? BY_VARIANCE : BY_INTERVALS;
}

function methodLines(comparison: Comparison): string[] {
  const { groups, compared } = comparison;
  const methods = compared.map((one) => methodOf(comparison, one));
  return [...new Set(methods)].flatMap((method) => {
    const whose = compared
      .filter((_, at) => methods[at] === method)
      .map(({ group }) => shortened(groups[group]!.name, NAME_WIDTH));
    const who = methods.every((other) => other === method) ? '' : `${whose.join(', ')}: `;
    return wrap(`${who}compared ${method}.`, REPORT_WIDTH, '  ');
  });
}

/** Hosts, each once, with the groups that are of it. */
function hostLines({ groups }: Comparison): string[] {
  const hosts = new Map<string, string[]>();
  for (const { name, runs } of groups) {
    for (const host of new Set(runs.map(hostLine)))
      hosts.set(host, [...(hosts.get(host) ?? []), shortened(name, NAME_WIDTH)]);
  }
  return [...hosts].flatMap(([host, names]) => {
    const who = hosts.size === 1 ? '' : `${names.join(', ')}: `;
    return wrap(`${who}${host}`, REPORT_WIDTH, '  ');
  });
}

/** Runs of unknown hosts count as runs of several, unless the reader knows better. */
function acrossWords({ groups, isTold }: Comparison): string {
  if (isTold || areHostsKnown(groups)) return 'across machines';
  return 'as across machines, because not all hosts are known (`--mode same` or `across` says it)';
}

export function headLines(comparison: Comparison): string[] {
  const { groups, mode } = comparison;
  const where = mode === 'same machine' ? 'on the same machine' : acrossWords(comparison);
  return [
    ...wrap(`${groups.map(groupWords).join(', ')}: compared ${where}`, REPORT_WIDTH, '  '),
    ...hostLines(comparison),
    ...methodLines(comparison),
  ];
}
