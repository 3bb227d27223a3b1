/** The numbers of a fleet that a reader looks at first: some rows, under short names. Pure. */
import type { Row } from '../compare/run-facts.js';
import type { Fleet, FleetRun } from './fleet.js';

export const HEADLINE_KINDS = ['rate', 'cost', 'ratio', 'copy', 'worth'] as const;
export type HeadlineKind = (typeof HEADLINE_KINDS)[number];

export interface Headline {
  readonly kind: HeadlineKind;
  /** `bounce`, `bounce-pages : bounce`, or `libc hot`. */
  readonly name: string;
  /** Index among the keys of the fleet. */
  readonly key: number;
}

/** Where designs are measured, the first that a fleet has. */
const DESIGN_SCENARIOS = ['tx-designs', 'design-prices'];
const COPY_ID = /^copy-cost\/([^/]+)\/(hot|cold)\/size=65536$/;

/** The conditions that a row was measured under, as its id has them. */
function conditionsOf({ id }: Row): Map<string, number> {
  const parts = id.split('/').flatMap((part) => {
    const [name, value] = part.split('=');
    return value === undefined ? [] : [[name!, Number(value)] as const];
  });
  return new Map(parts);
}

/** Larger: what is looked at first. Large messages of many senders, with as little else as possible. */
function weightOf(row: Row): number[] {
  const conditions = conditionsOf(row);
  const at = (name: string) => conditions.get(name) ?? 0;
  return [-conditions.size, at('message'), at('senders'), -at('queues'), at('window')];
}

function isHeavier(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((weight, index) => weight !== other[index]);
  return at >= 0 && one[at]! > other[at]!;
}

/** Returns how many runs have a number for each key. */
function runsByKey(fleet: Fleet, runs: readonly FleetRun[]): Uint32Array {
  const counts = new Uint32Array(fleet.keys.length);
  for (const { rows } of runs) for (const index of rows) counts[fleet.rows[index]!.key]!++;
  return counts;
}

/** Returns for each line of a kind the row that most runs have, and of those the one with the heaviest conditions. */
function rowsByLine(fleet: Fleet, counts: Uint32Array, isWanted: (row: Row) => boolean): Map<string, number> {
  const chosen = new Map<string, number>();
  for (const [key, row] of fleet.keys.entries()) {
    if (!isWanted(row)) continue;
    const known = chosen.get(row.line);
    const weight = (index: number) => [counts[index]!, ...weightOf(fleet.keys[index]!)];
    if (known === undefined || isHeavier(weight(key), weight(known))) chosen.set(row.line, key);
  }
  return chosen;
}

function keyOfKind(fleet: Fleet, kind: Row['kind'], id: string): number | null {
  const key = fleet.keys.findIndex((row) => row.kind === kind && row.id === id);
  return key < 0 ? null : key;
}

const lastPart = (line: string) => line.slice(line.indexOf('/') + 1);

/** Rates of designs, with what they cost by the same row. */
function designHeadlines(fleet: Fleet, counts: Uint32Array, scenario: string): Headline[] {
  const rates = rowsByLine(fleet, counts, (row) => row.kind === 'value' && row.scenario === scenario);
  const of = (kind: HeadlineKind, rowKind: Row['kind']) =>
    [...rates].flatMap(([line, key]): Headline[] => {
      const found = keyOfKind(fleet, rowKind, fleet.keys[key]!.id);
      return found === null ? [] : [{ kind, name: lastPart(line), key: found }];
    });
  return [...of('rate', 'value'), ...of('cost', 'cost'), ...of('worth', 'worth')];
}

function ratioHeadlines(fleet: Fleet, counts: Uint32Array, scenario: string): Headline[] {
  const line = `${scenario}/bounce-pages:bounce`;
  const found = rowsByLine(fleet, counts, (row) => row.kind === 'ratio' && row.line === line).get(line);
  return found === undefined ? [] : [{ kind: 'ratio', name: 'bounce-pages : bounce', key: found }];
}

/** Copies of 64 KiB by the copy kernels that most runs had as their unit. */
function copyHeadlines(fleet: Fleet): Headline[] {
  const units = new Set(fleet.runs.flatMap(({ copies }) => copies?.kernel ?? []));
  return [...fleet.keys.entries()].flatMap(([key, row]): Headline[] => {
    const [, kernel, state] = (row.kind === 'value' && COPY_ID.exec(row.id)) || [];
    if (kernel === undefined || !units.has(kernel)) return [];
    return [{ kind: 'copy', name: `${kernel} ${state === 'hot' ? 'hot' : 'flushed'}`, key }];
  });
}

/** Returns the headlines of a fleet, which may have none, in the order of a report. */
export function headlinesOf(fleet: Fleet): Headline[] {
  const counts = runsByKey(fleet, fleet.runs);
  const scenario = DESIGN_SCENARIOS.find((name) => fleet.keys.some((row) => row.scenario === name));
  const designs = scenario === undefined ? [] : designHeadlines(fleet, counts, scenario);
  const ratios = scenario === undefined ? [] : ratioHeadlines(fleet, counts, scenario);
  const all = [...designs, ...ratios, ...copyHeadlines(fleet)];
  return HEADLINE_KINDS.flatMap((kind) => all.filter((headline) => headline.kind === kind));
}
