/**
 * In what the runs of a comparison are unlike, so that a difference may come from that and not from what was to be
 * compared. What is not known is like nothing, itself included. Pure.
 */
import { ASPECTS, type Aspect } from './likeness.js';
import { isOnePlaceOf } from './places.js';
import type { RunFacts } from './run-facts.js';

/** Some runs under a name, which a comparison takes together. */
export interface Group {
  /** As the caller chose it, for tables. */
  readonly name: string;
  /** At least one. */
  readonly runs: readonly RunFacts[];
}

/** What groups are of. Of several machines, differences between them are what is asked for. */
export type Mode = 'same machine' | 'across machines';
/** Both. */
export const MODES: readonly Mode[] = ['same machine', 'across machines'];

/** Something in which groups are unlike, so that a difference may come from it. */
export interface Unlike {
  /** What kind of thing differs. */
  readonly aspect: Aspect | 'times' | 'distance' | 'complete';
  /** What differs, as a noun in the plural. */
  readonly noun: string;
  /** The values of each group, in its order; null stands for runs of which it is not known. */
  readonly values: readonly (readonly (string | null)[])[];
  /** Why a difference may come from it, as a clause. */
  readonly why: string;
}

function valuesOf(groups: readonly Group[], aspect: Aspect): (string | null)[][] {
  return groups.map(({ runs }) => [...new Set(runs.map(({ likeness }) => likeness[aspect]))]);
}

const nanoseconds = ({ distance }: RunFacts) =>
  distance === null ? null : `${distance.low.toFixed(0)} to ${distance.high.toFixed(0)} ns`;

/** `14:02 to 14:09`, UTC. */
const clockTime = (ms: number) => new Date(ms).toISOString().slice(11, 16);

/** Groups of several runs of one machine that were not taken in turn: a host has weather of minutes. */
function unlikeTimes(groups: readonly Group[]): Unlike[] {
  const spans = groups.map(({ runs }) => runs.map(({ created }) => Date.parse(created)).sort((a, b) => a - b));
  const ordered = spans.toSorted((a, b) => a[0]! - b[0]!);
  const isApart = ordered.slice(1).every((span, at) => ordered[at]!.at(-1)! < span[0]!);
  if (!isApart || spans.some(({ length }) => length < 2)) return [];
  return [
    {
      aspect: 'times',
      noun: 'times',
      values: spans.map((span) => [`${clockTime(span[0]!)} to ${clockTime(span.at(-1)!)} UTC`]),
      why: 'what a host does for minutes counts as a difference between groups that were not taken in turn',
    },
  ];
}

/** CPUs of one machine that were near to each other in some runs and far apart in others. */
function unlikeDistance(groups: readonly Group[]): Unlike[] {
  if (isOnePlaceOf(groups.flatMap(({ runs }) => runs))) return [];
  return [
    {
      aspect: 'distance',
      noun: 'distances of the measuring CPUs',
      values: groups.map(({ runs }) => [...new Set(runs.map(nanoseconds))]),
      why: 'the hypervisor had them near to each other in one run and far apart in another, as on two machines',
    },
  ];
}

function unlikeCompleteness(groups: readonly Group[]): Unlike[] {
  const words = ({ complete }: RunFacts) => (complete ? 'complete' : 'incomplete');
  const values = groups.map(({ runs }) => [...new Set(runs.map(words))]);
  if (!values.flat().includes('incomplete')) return [];
  return [{ aspect: 'complete', noun: 'states of the runs', values, why: 'a run that was stopped measured less' }];
}

/**
 * Returns in what the groups are unlike, in the order in which it is told. Across machines they may differ in what is
 * of the machine, but each machine has to be known and every group has to be of one.
 */
export function unlikesOf(groups: readonly Group[], mode: Mode): Unlike[] {
  const aspects = ASPECTS.flatMap(({ name, noun, isOfMachine, matters }): Unlike[] => {
    const values = valuesOf(groups, name);
    const isKnown = !values.flat().includes(null);
    const isOneEach = values.every(({ length }) => length === 1);
    const isOne = new Set(values.flat()).size === 1;
    if (isKnown && (isOne || (isOfMachine && isOneEach && mode === 'across machines'))) return [];
    return [{ aspect: name, noun, values, why: matters }];
  });
  const ofHost = mode === 'same machine' ? [...unlikeTimes(groups), ...unlikeDistance(groups)] : [];
  return [...aspects, ...ofHost, ...unlikeCompleteness(groups)];
}
