/** How far to trust a comparison, in one paragraph: what each run would warn of is told once for all of them. Pure. */

import { FAMILY_ROWS } from '../../bench/compare/compare-groups.js';
import type { ComparedGroup, Comparison } from '../../bench/compare/comparison.js';
import type { SameRun } from '../../bench/compare/read-groups.js';
import { subjectOf } from '../own-words.js';
import { count } from '../tables/format.js';
import { LOWER_BOUND } from '../verdict.js';
import { shortened } from './group-labels.js';

const NAME_WIDTH = 32;

export interface SameRuns {
  readonly repeated: readonly SameRun[];
  readonly shared: readonly SameRun[];
}

/** The codes of warnings, those of most runs first, with how many runs have each. */
export function warningCounts({ groups }: Comparison): { code: string; runs: number }[] {
  const counts = new Map<string, number>();
  for (const { warnings } of groups.flatMap(({ runs }) => runs)) {
    for (const code of new Set(warnings)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, runs]) => ({ code, runs })).sort((a, b) => b.runs - a.runs);
}

export function runCount({ groups }: Comparison): number {
  return groups.reduce((sum, { runs }) => sum + runs.length, 0);
}

function familyWords({ compared, isStrict }: Comparison): string {
  const families = compared.flatMap(({ differences, group }) => differences.map(({ family }) => `${group} ${family}`));
  const number = new Set(families).size;
  if (isStrict)
    return 'all rows are one family (Holm): runs that do not differ have a differing row in 5 % of comparisons';
  const isByRuns = compared.every(({ method }) => method === 'runs');
  const which = isByRuns ? `at most ${FAMILY_ROWS} rows of one line` : 'the rows of one kind, or few of one line';
  const each = `in each of ${number}, runs that do not differ have a differing row in 5 % of comparisons`;
  return `chances are corrected (Holm) within families, ${which}: ${each}; \`--strict\` makes one of all`;
}

export function effectWords({ minimalEffect }: Comparison): string {
  return `effects below ${Number((minimalEffect * 100).toPrecision(3))} % count as none`;
}

function untoldWords({ compared }: Comparison): string[] {
  const all = compared.flatMap(({ differences }) => differences);
  const having = (untold: 'no interval' | 'CPUs elsewhere') => all.filter((one) => one.untold === untold).length;
  const [single, moved] = [having('no interval'), having('CPUs elsewhere')];
  return [
    ...(single > 0
      ? [`${count(single, 'row')} (?) of single rounds have no interval, so that nothing can be told`]
      : []),
    ...(moved > 0
      ? [`of ${count(moved, 'row')} (?) nothing can be told, because the CPUs were nearer in some runs`]
      : []),
  ];
}

/** Groups whose rounds are of one range are named together: of eight it is often the same. */
function placeWords({ groups, compared }: Comparison): string[] {
  const names = new Map<string, string[]>();
  for (const { group, place } of compared) {
    if (place === null) continue;
    const range = `${place.low.toFixed(0)} to ${place.high.toFixed(0)} ns`;
    names.set(range, [...(names.get(range) ?? []), shortened(groups[group]!.name, NAME_WIDTH)]);
  }
  return [...names].map(([range, own]) => {
    const where = groups.length > 2 ? ` (${own.join(', ')})` : '';
    return `the CPUs moved: what several do together is compared over rounds in which they were ${range} apart${where}`;
  });
}

function absentWords({ groups, compared }: Comparison): string[] {
  const base = shortened(groups[0]!.name, NAME_WIDTH);
  return compared.flatMap(({ group, onlyBase, onlyOther }: ComparedGroup) => {
    const name = shortened(groups[group]!.name, NAME_WIDTH);
    return [
      ...(onlyBase.length > 0 ? [`${count(onlyBase.length, 'row')} of ${base} are not in ${name}`] : []),
      ...(onlyOther.length > 0 ? [`${count(onlyOther.length, 'row')} of ${name} are not in ${base}`] : []),
    ];
  });
}

function sameWords({ repeated, shared }: SameRuns): string[] {
  const named = ({ source, as }: SameRun) => `${shortened(source, NAME_WIDTH)} and ${shortened(as, NAME_WIDTH)}`;
  const more = (runs: readonly SameRun[]) => (runs.length > 1 ? ` and ${runs.length - 1} more` : '');
  const [again] = repeated;
  const [both] = shared;
  return [
    ...(again ? [`the same run stands twice in a group, and counts once: ${named(again)}${more(repeated)}`] : []),
    ...(both ? [`the same run stands in two groups, and shows no difference: ${named(both)}${more(shared)}`] : []),
  ];
}

function warningWords(comparison: Comparison): string[] {
  const counts = warningCounts(comparison);
  if (counts.length === 0) return ['no run has warnings'];
  const runs = runCount(comparison);
  return [
    `warnings: ${counts.map(({ code, runs: having }) => `${code} in ${having}`).join(', ')} of ${count(runs, 'run')}`,
  ];
}

/** What the numbers are a bound of; nothing where only scenarios of one's own are compared. */
export function boundWords({ compared }: Comparison): string[] {
  const rows = compared.flatMap(({ differences }) => differences.map(({ row }) => row));
  return subjectOf({ scenarios: rows.map(({ scenario: name }) => ({ name })) }) === 'bouncing' ? [LOWER_BOUND] : [];
}

const PAIRS = 'factors are medians over all pairs of runs, which need not be the factors of the medians';

const upper = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;

export function noiseParagraph(comparison: Comparison, same: SameRuns): string {
  const sentences = [
    'a run is the unit, and numbers are medians over runs (costs are cores per 100 Gbit/s)',
    ...(comparison.compared.some(({ method }) => method === 'runs') ? [PAIRS] : []),
    familyWords(comparison),
    effectWords(comparison),
    ...placeWords(comparison),
    ...untoldWords(comparison),
    ...absentWords(comparison),
    ...sameWords(same),
    ...warningWords(comparison),
  ];
  return [...sentences.map((text) => `${upper(text)}.`), ...boundWords(comparison)].join(' ');
}
