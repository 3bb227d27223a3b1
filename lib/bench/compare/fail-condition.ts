/**
 * Conditions under which a comparison fails, as a build wants them: `tx-designs/*:ratio < 0.95`. Only a significant
 * difference meets one, and a row that cannot be told is named, because a check that cannot fail is none. Pure.
 */
import { CopytaxError } from '../../errors.js';
import { nearest, suggestion } from '../../limits.js';
import { holm } from '../statistics/holm.js';
import { SIGNIFICANCE, smallestChance } from '../statistics/rank-test.js';
import type { Difference } from './compare-groups.js';
import type { ComparedGroup, Comparison } from './comparison.js';
import { KINDS, type Kind } from './run-facts.js';

/** What is looked at: the kinds of rows, and whether the factor counts as it is or towards the worse side. */
const MEASURES: Readonly<Record<string, { readonly kinds: readonly Kind[]; readonly isWorse?: true }>> = {
  ratio: { kinds: ['value'] },
  worse: { kinds: ['value', 'cost'], isWorse: true },
  cost: { kinds: ['cost'] },
  'user-copy': { kinds: ['user copy'] },
  'bounce-copy': { kinds: ['bounce copy'] },
  'ratio-of-ratios': { kinds: ['ratio'] },
  worth: { kinds: ['worth'] },
};

export const MEASURE_NAMES = Object.keys(MEASURES);

const OPERATORS = {
  '<': (value: number, limit: number) => value < limit,
  '<=': (value: number, limit: number) => value <= limit,
  '>': (value: number, limit: number) => value > limit,
  '>=': (value: number, limit: number) => value >= limit,
} as const;

export interface FailCondition {
  /** As it was given. */
  readonly text: string;
  readonly glob: string;
  readonly measure: string;
  readonly operator: keyof typeof OPERATORS;
  readonly limit: number;
}

export interface RowOfGroup {
  /** Position of the group among all. */
  readonly group: number;
  readonly kind: Kind;
  readonly id: string;
}

export interface MetRow extends RowOfGroup {
  /** What was compared with the limit. */
  readonly value: number;
  readonly difference: Difference;
}

export interface UntoldRow extends RowOfGroup {
  readonly reason: string;
}

export interface ConditionVerdict {
  readonly condition: FailCondition;
  /** Rows of which could be told whether they meet it. */
  readonly told: number;
  readonly met: readonly MetRow[];
  readonly untold: readonly UntoldRow[];
  /** A row meets it, or none could be told. */
  readonly failed: boolean;
}

const FORM = "write 'GLOB:MEASURE OP NUMBER', as in 'tx-designs/*:ratio < 0.95'";

function refused(text: string, what: string): CopytaxError {
  return new CopytaxError('ERR_USAGE', `--fail-if '${text}': ${what}`, { given: text });
}

/** @throws ERR_USAGE for another form, for an unknown measure, and for a limit that no difference at all meets */
export function parseFailCondition(text: string): FailCondition {
  const found = /^\s*(\S.*):\s*([\w-]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?|\.\d+)\s*$/.exec(text);
  if (found === null) throw refused(text, FORM);
  const [, glob = '', measure = '', operator = '', number = ''] = found;
  if (!Object.hasOwn(MEASURES, measure)) {
    const names = MEASURE_NAMES.join(', ');
    throw refused(text, `unknown measure '${measure}'${suggestion(measure, MEASURE_NAMES) || '.'} Valid: ${names}`);
  }
  const limit = Number(number);
  const condition = { text, glob: glob.trim(), measure, operator: operator as keyof typeof OPERATORS, limit };
  const isMetByNone = OPERATORS[condition.operator](1, limit) && limit !== 1;
  if (isMetByNone || limit === 0) {
    const range = operator.startsWith('<') ? 'above 0 and at most 1' : 'at least 1';
    throw refused(text, `a factor of 1 is no difference, so the limit has to be ${range}`);
  }
  return condition;
}

/** A star stands for any characters, a slash among them; a question mark for one. */
function patternOf(glob: string): RegExp {
  const parts = glob.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

/** Returns kind and id of a row by its key. */
export function rowOfKey(key: string): { kind: Kind; id: string } {
  const kind = KINDS.find((name) => key.startsWith(`${name} `))!;
  return { kind, id: key.slice(kind.length + 1) };
}

/** The rows that one group lacks. */
function absentRows(one: ComparedGroup, { groups }: Comparison): UntoldRow[] {
  const rowsOf = (keys: readonly string[], name: string) =>
    keys.map((key) => ({ ...rowOfKey(key), group: one.group, reason: `only in ${name}` }));
  return [...rowsOf(one.onlyBase, groups[0]!.name), ...rowsOf(one.onlyOther, groups[one.group]!.name)];
}

/** How many runs a side the rank test needs to show a difference among `rows` rows. */
function runsFor(rows: number): number {
  let runs = 1;
  while (rows * smallestChance(runs, runs) >= SIGNIFICANCE) runs++;
  return runs;
}

/** Why nothing can be told of a row among `rows` of a condition; null: it can. */
function reasonOf(difference: Difference, rows: number, one: ComparedGroup, { groups }: Comparison): string | null {
  const { untold, family } = difference;
  if (untold === 'no interval') return 'a single round has no interval';
  if (untold === 'CPUs elsewhere') return 'its CPUs were nearer to each other in some runs';
  if (one.method === 'intervals') return null;
  const ofFamily = one.differences.filter((other) => other.family === family && other.chance !== null).length;
  const members = Math.max(rows, ofFamily);
  const least = members * smallestChance(groups[0]!.runs.length, groups[one.group]!.runs.length);
  return least < SIGNIFICANCE
    ? null
    : `too few runs to show anything among ${members} rows: take ${runsFor(members)} a side`;
}

function measuredIn({ row, ratio }: Difference, isWorse: boolean): number {
  return isWorse && row.higherIsBetter === true ? 1 / ratio : ratio;
}

function noRow(condition: FailCondition, { compared, mode }: Comparison): CopytaxError {
  const { kinds } = MEASURES[condition.measure]!;
  const ids = compared.flatMap(({ differences }) => differences.filter(({ row }) => kinds.includes(row.kind)));
  const known = [...new Set(ids.map(({ row }) => row.id))];
  if (known.length === 0) {
    const why = kinds.includes('worth') && mode === 'same machine' ? ', which is compared across machines only' : '';
    return refused(condition.text, `no row has the measure ${condition.measure}${why}`);
  }
  const beginning = condition.glob.replaceAll(/[*?]/g, '');
  const near = nearest(
    beginning,
    known.map((id) => id.slice(0, beginning.length)),
  );
  const named = known.filter((id) => id.startsWith(near)).slice(0, 3);
  return refused(condition.text, `no row has such an id, so that it cannot fail; near are ${named.join(', ')}`);
}

/** A difference that a condition may be met by. */
interface Candidate {
  readonly one: ComparedGroup;
  readonly difference: Difference;
}

function candidatesOf({ glob, measure }: FailCondition, { compared }: Comparison): Candidate[] {
  const { kinds } = MEASURES[measure]!;
  const pattern = patternOf(glob);
  return compared.flatMap((one) =>
    one.differences
      .filter(({ row }) => kinds.includes(row.kind) && pattern.test(row.id))
      .map((difference) => ({ one, difference })),
  );
}

const rowOf = ({ one, difference: { row } }: Candidate): RowOfGroup => ({
  group: one.group,
  kind: row.kind,
  id: row.id,
});

/** The rows that meet a condition: chances are corrected for all rows that could, beside those of their families. */
function metRows(condition: FailCondition, told: readonly Candidate[]): MetRow[] {
  const { isWorse = false } = MEASURES[condition.measure]!;
  const chances = holm(told.map(({ difference }) => difference.chance!));
  return told.flatMap((candidate, at): MetRow[] => {
    const { difference } = candidate;
    const value = measuredIn(difference, isWorse);
    const isSure = difference.significant && chances[at]! < SIGNIFICANCE;
    return isSure && OPERATORS[condition.operator](value, condition.limit)
      ? [{ ...rowOf(candidate), value, difference }]
      : [];
  });
}

/** Returns what became of a condition. @throws ERR_USAGE if no row has such an id: it names near ones */
export function judgeCondition(condition: FailCondition, comparison: Comparison): ConditionVerdict {
  const { kinds } = MEASURES[condition.measure]!;
  const pattern = patternOf(condition.glob);
  const isMeant = ({ kind, id }: RowOfGroup) => kinds.includes(kind) && pattern.test(id);
  const absent = comparison.compared.flatMap((one) => absentRows(one, comparison)).filter(isMeant);
  const candidates = candidatesOf(condition, comparison);
  if (candidates.length === 0 && absent.length === 0) throw noRow(condition, comparison);
  const having = candidates.filter(({ difference }) => difference.chance !== null).length;
  const judged = candidates.map((candidate) => {
    return { candidate, reason: reasonOf(candidate.difference, having, candidate.one, comparison) };
  });
  const told = judged.flatMap(({ candidate, reason }) => (reason === null ? [candidate] : []));
  const untold = judged.flatMap(({ candidate, reason }) => (reason === null ? [] : [{ ...rowOf(candidate), reason }]));
  const met = metRows(condition, told);
  return {
    condition,
    told: told.length,
    met,
    untold: [...untold, ...absent],
    failed: met.length > 0 || told.length === 0,
  };
}
