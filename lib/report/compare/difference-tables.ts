/** Rows of a comparison as tables, one for each scenario; of more than two groups a column for each. Pure. */
import type { Difference } from '../../bench/compare/compare-groups.js';
import type { Comparison } from '../../bench/compare/comparison.js';
import { keyOf, type Row } from '../../bench/compare/run-facts.js';
import type { Canvas } from '../bars/canvas.js';
import { ratioMarks } from '../bars/ratio-marks.js';
import { REPORT_WIDTH, wrap } from '../tables/format.js';
import { drawnTable } from '../tables/table.js';
import { labelsOf } from './group-labels.js';
import { nameIn, type Section, sectionsOf } from './row-order.js';
import { ratioText, valueText, verdictWord, whatOf } from './row-words.js';

const NAME_WIDTH = 32;
const LABEL_WIDTH = 14;
const INDENT = '  ';
const TABLE_WIDTH = REPORT_WIDTH - INDENT.length;

/** Breaks a long id before a slash, and where it has none, anywhere. */
function brokenName(name: string): string {
  const pieces = name.split(/(?=\/)/).flatMap((part) => part.match(new RegExp(`.{1,${NAME_WIDTH}}`, 'gu')) ?? []);
  const lines: string[] = [''];
  for (const piece of pieces) {
    if (lines.at(-1)!.length + piece.length > NAME_WIDTH) lines.push('');
    lines[lines.length - 1] += piece;
  }
  return lines.join('\n');
}

/** The differences of each group but the base, by the keys of their rows. */
type ByKey = readonly ReadonlyMap<string, Difference>[];

interface Labelled {
  readonly label: string;
  readonly differences: ReadonlyMap<string, Difference>;
}

function cellsOf({ differences }: Labelled, row: Row, withValue: boolean): string[] {
  const found = differences.get(keyOf(row));
  if (found === undefined) return withValue ? ['-', '-', ''] : ['-'];
  if (withValue) return [valueText(found.value, row), ratioText(found), verdictWord(found)];
  return [`${ratioText(found)} ${verdictWord(found)}`.trimEnd()];
}

/** The marks of a group, one for each row: of differences that can be told, with their intervals. */
function marksOf({ differences }: Labelled, rows: readonly Row[], isPlain: boolean) {
  const effects = rows.map((row) => {
    const found = differences.get(keyOf(row));
    if (found === undefined) return null;
    const { ratio: median, low, high, significant, untold } = found;
    return untold === 'no interval'
      ? { median, low: median, high: median, significant }
      : { median, low, high, significant };
  });
  return ratioMarks(effects, isPlain);
}

function sectionTable(section: Section, base: string, shown: readonly Labelled[], canvas: Canvas | null): string[] {
  const withValue = shown.length === 1;
  const head = ['', '', base, ...shown.flatMap(({ label }) => (withValue ? [label, `/ ${base}`, ''] : [label]))];
  const rows = section.rows.map((row) => {
    const any = shown.map(({ differences }) => differences.get(keyOf(row))).find((found) => found !== undefined);
    return [
      brokenName(nameIn(section, row)),
      whatOf(row),
      any === undefined ? '-' : valueText(any.base, row),
      ...shown.flatMap((one) => cellsOf(one, row, withValue)),
    ];
  });
  const marks = canvas === null ? [] : shown.map((one) => marksOf(one, section.rows, canvas.isPlain));
  return drawnTable(head, rows, 2, marks, canvas).split('\n');
}

/** As many groups side by side as there is room for. */
function fittingTables(section: Section, base: string, groups: readonly Labelled[], canvas: Canvas | null): string[][] {
  for (let size = groups.length; size >= 1; size--) {
    const chunks = Array.from({ length: Math.ceil(groups.length / size) }, (_, at) =>
      groups.slice(at * size, (at + 1) * size),
    );
    const tables = chunks.map((chunk) => sectionTable(section, base, chunk, null));
    if (size > 1 && tables.flat().some((line) => line.length > TABLE_WIDTH)) continue;
    return canvas === null ? tables : chunks.map((chunk) => sectionTable(section, base, chunk, canvas));
  }
  return [];
}

function titleOf({ scenario, common }: Section): string[] {
  const params = common.length === 0 ? '' : `, all with ${common.join('/')}`;
  return wrap(`${scenario}${params}`, REPORT_WIDTH, INDENT);
}

/** The rows that are shown: those that differ significantly in a group, or all. */
export function shownRows(compared: Comparison['compared'], all: boolean): Row[] {
  const rows = new Map<string, Row>();
  for (const { differences } of compared) {
    for (const { row, significant } of differences) if (all || significant) rows.set(keyOf(row), row);
  }
  return [...rows.values()];
}

/** Returns the lines of the tables, an empty one between two of them. */
export function differenceLines(
  { groups, compared }: Comparison,
  all: boolean,
  canvas: Canvas | null = null,
): string[] {
  const [base, ...labels] = labelsOf(
    groups.map(({ name }) => name),
    LABEL_WIDTH,
  );
  const byKey: ByKey = compared.map(({ differences }) => new Map(differences.map((one) => [keyOf(one.row), one])));
  const labelled = byKey.map((differences, at): Labelled => ({ label: labels[at]!, differences }));
  const blocks = sectionsOf(shownRows(compared, all)).map((section) => [
    ...titleOf(section),
    ...fittingTables(section, base!, labelled, canvas).flatMap((lines, at) => [
      ...(at === 0 ? [] : ['']),
      ...lines.map((line) => (line === '' ? '' : `${INDENT}${line}`)),
    ]),
  ]);
  return blocks.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}
