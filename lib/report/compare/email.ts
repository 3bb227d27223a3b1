/** A comparison in at most 15 lines of 76 columns, which stand for themselves in an e-mail. Pure. */
import type { Difference } from '../../bench/compare/compare-groups.js';
import { type Comparison, knowsItsRuns } from '../../bench/compare/comparison.js';
import { keyOf, type Row } from '../../bench/compare/run-facts.js';
import { packageVersion } from '../../package-facts.js';
import { describe } from '../tables/conditions.js';
import { count, wrap } from '../tables/format.js';
import { hostLine } from '../tables/host-line.js';
import { cut, labelsOf, listed, shortened } from './group-labels.js';
import { headlineChoice, headlineOf } from './headline.js';
import { boundWords, effectWords, runCount, warningCounts } from './noise.js';
import { ratioText, valueText, verdictWord, whatOf } from './row-words.js';

export const EMAIL_WIDTH = 76;
export const EMAIL_LINES = 15;

/** Side by side with their intervals; more groups have no room. */
const MOST_GROUPS = 2;
const MOST_HOSTS = 2;
const LABEL_WIDTH = 12;

const fit = (text: string, width = EMAIL_WIDTH) => shortened(text, width);

function groupLine({ groups, mode }: Comparison): string {
  const first = `copytax ${packageVersion()}, ${mode}: `;
  const suffixes = groups.map(({ runs }, at) => ` (${count(runs.length, 'run')}${at === 0 ? ', base' : ''})`);
  const room = EMAIL_WIDTH - first.length - suffixes.join(', ').length;
  const each = Math.floor(room / groups.length);
  if (each < 4)
    return fit(`${first}${groups.length} groups, ${groups.reduce((sum, { runs }) => sum + runs.length, 0)} runs`);
  return fit(`${first}${groups.map(({ name }, at) => `${fit(name, each)}${suffixes[at]}`).join(', ')}`);
}

/** The hosts, each once; of more than two the number. */
function hostLines({ groups }: Comparison): string[] {
  const hosts = new Map<string, string>();
  for (const { name, runs } of groups)
    for (const run of runs) if (!hosts.has(hostLine(run))) hosts.set(hostLine(run), name);
  if (hosts.size > MOST_HOSTS) return [`${hosts.size} different hosts`];
  return [...hosts].map(([host, name]) => fit(hosts.size === 1 ? host : `${fit(name, LABEL_WIDTH)}: ${host}`));
}

function methodLine(comparison: Comparison): string {
  const { compared } = comparison;
  const effect = effectWords(comparison);
  if (compared.every(({ method }) => method === 'runs')) return fit(`by the order of runs; ${effect}`);
  const isKnown = compared.every(({ group, method }) => method === 'runs' || knowsItsRuns(comparison, group));
  return fit(isKnown ? `by how much runs of the host vary; ${effect}` : `by intervals of few runs and 5 %; ${effect}`);
}

function rowCells(found: Difference | undefined, row: Row, withValue: boolean): string[] {
  if (found === undefined) return withValue ? ['-', '-'] : ['-'];
  const ratio = `${ratioText(found)} ${verdictWord(found)}`.trimEnd();
  return withValue ? [valueText(found.value, row), ratio] : [ratio];
}

/** Columns as wide as their cells; the first gives way. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + 1, 0);
  const first = Math.max(6, Math.min(widths[0]!, EMAIL_WIDTH - others));
  return rows.map(([name, ...cells]) => {
    const numbers = cells.map((cell, at) => cell.padStart(widths[at + 1]!)).join(' ');
    return cut(`${fit(name!, first).padEnd(first)} ${numbers}`.trimEnd(), EMAIL_WIDTH);
  });
}

function rowLines(comparison: Comparison, most: number): string[] {
  const shown = comparison.compared.slice(0, MOST_GROUPS);
  const withValue = shown.length === 1;
  const labels = labelsOf(
    comparison.groups.map(({ name }) => name),
    LABEL_WIDTH,
  );
  const heads = shown.flatMap(({ group }) =>
    withValue ? [labels[group]!, `/ ${labels[0]}`] : [`${labels[group]} / base`],
  );
  const byKey = shown.map(({ differences }) => new Map(differences.map((one) => [keyOf(one.row), one])));
  const rows = headlineChoice(comparison, most - 1).map(({ row, name }) => {
    const found = byKey.map((differences) => differences.get(keyOf(row)));
    const base = found.find((one) => one !== undefined)?.base;
    const what = name === row.id ? `${name} ${whatOf(row)}` : name;
    const cells = found.flatMap((one) => rowCells(one, row, withValue));
    return [what, base === undefined ? '-' : valueText(base, row), ...cells];
  });
  return aligned([['', labels[0]!, ...heads], ...rows]);
}

function countLine({ compared }: Comparison): string {
  const all = compared.flatMap(({ differences }) => differences);
  const differing = all.filter(({ significant }) => significant).length;
  const untold = all.some((one) => one.untold !== null) ? ', ? is not told' : '';
  const more = compared.length > MOST_GROUPS ? `; ${count(compared.length - MOST_GROUPS, 'more group')}` : '';
  const verb = differing === 1 ? 'differs' : 'differ';
  return cut(
    `${differing} of ${count(all.length, 'row')} ${verb} significantly; ~ does not${untold}${more}`,
    EMAIL_WIDTH,
  );
}

function unlikeLine({ unlikes }: Comparison): string {
  if (unlikes.length === 0) return 'Alike in all that is known to matter.';
  return listed(
    'Unlike, or not known: ',
    unlikes.map(({ noun }) => noun),
    EMAIL_WIDTH,
  );
}

function noiseLine(comparison: Comparison): string {
  const counts = warningCounts(comparison);
  if (counts.length === 0) return 'No run has warnings.';
  const runs = runCount(comparison);
  return listed(
    `Warnings, of ${count(runs, 'run')}: `,
    counts.map(({ code, runs: having }) => `${code} ${having}`),
    EMAIL_WIDTH,
  );
}

/** Returns the block, which ends with a line end. */
export function emailText(comparison: Comparison): string {
  const found = headlineOf(comparison);
  const condition = found === null ? [] : [cut(describe(found.params), EMAIL_WIDTH)];
  const head = [groupLine(comparison), ...hostLines(comparison), methodLine(comparison), ...condition];
  const foot = [
    countLine(comparison),
    unlikeLine(comparison),
    noiseLine(comparison),
    ...boundWords(comparison).flatMap((text) => wrap(text, EMAIL_WIDTH)),
  ];
  const rows = rowLines(comparison, EMAIL_LINES - head.length - foot.length);
  return `${[...head, ...rows, ...foot].map((line) => line.trimEnd()).join('\n')}\n`;
}
