/** Which cells have no value in any run of a group, and why: a row that is absent does not tell. Pure. */
import type { Comparison } from '../../bench/compare/comparison.js';
import type { Group } from '../../bench/compare/unlike.js';
import { failedSentences } from '../failed-cells.js';
import { REPORT_WIDTH, wrap } from '../tables/format.js';
import { shortened } from './group-labels.js';

const NAME_WIDTH = 32;

/** Of cells that have a value in another run of the group, the group has a row. */
function sentencesOf({ runs }: Group): string[] {
  const having = new Set(runs.flatMap(({ numbers }) => [...numbers.values()].map(({ row }) => row.id)));
  const failed = runs.flatMap((run) => run.failed.filter(({ id }) => !having.has(id)));
  return failedSentences([...new Map(failed.map((cell) => [cell.id, cell])).values()]);
}

/** Returns the lines. What is said of several groups is said once. */
export function valuelessLines({ groups }: Pick<Comparison, 'groups'>): string[] {
  const names = new Map<string, string[]>();
  for (const group of groups) {
    for (const sentence of sentencesOf(group)) {
      names.set(sentence, [...(names.get(sentence) ?? []), shortened(group.name, NAME_WIDTH)]);
    }
  }
  return [...names].flatMap(([sentence, own]) => {
    const whose = own.length === groups.length ? 'all' : own.join(', ');
    return wrap(`  ${whose}: ${sentence}`, REPORT_WIDTH, '    ');
  });
}
