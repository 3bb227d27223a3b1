/** Defaults of options that depend on the plan of a run, its CPUs or the memory of the host. */
import { KIB, MIB } from '../../units.js';
import type { Plan, RunBasis } from './option-row.js';
import { shareOf } from './swept-pools.js';

export const byPlan =
  <Value>(values: Readonly<Record<Plan, Value>>) =>
  ({ plan }: RunBasis): Value =>
    values[plan];

/** All plans but a sweep have `usual`. */
export const sweptOver =
  <Value>(usual: Value, swept: readonly Value[]) =>
  ({ plan }: RunBasis): readonly Value[] =>
    plan === 'sweep' ? swept : [usual];

/** As many as CPUs, at most eight; a sweep has powers of two up to that. */
const powersUpToCpus = ({ cpus }: RunBasis) => [1, 2, 4, 8].filter((count) => count <= Math.max(1, cpus.length));
const oneAndMost = ({ cpus }: RunBasis) => [...new Set([1, Math.max(1, Math.min(cpus.length, 8))])];

export function defaultSenders(basis: RunBasis): readonly number[] {
  if (basis.plan === 'sweep') return powersUpToCpus(basis);
  return basis.plan === 'quick' ? oneAndMost(basis).slice(-1) : oneAndMost(basis);
}

/** In a full run as many queues as senders besides the one queue that all share. */
export function defaultQueues(basis: RunBasis): readonly number[] {
  if (basis.plan === 'sweep') return powersUpToCpus(basis);
  return basis.plan === 'full' ? oneAndMost(basis) : [1];
}

/** What a sender has in flight: less than an L2 cache, less than most L3 caches, more than any; as memory allows. */
export function defaultWindows(basis: RunBasis): readonly number[] {
  if (basis.plan === 'full') return [256 * KIB, 4 * MIB, 32 * MIB];
  if (basis.plan !== 'sweep') return [4 * MIB];
  const mostSenders = powersUpToCpus(basis).at(-1)!;
  return [256 * KIB, 4 * MIB, 64 * MIB].filter((window) => mostSenders * window <= shareOf(basis.memory));
}

export function defaultScenarios({ plan, entries }: RunBasis): readonly string[] {
  const runs = entries.filter(({ onRequest, measuresDesigns }) =>
    plan === 'sweep' ? measuresDesigns : plan === 'full' || !onRequest,
  );
  return runs.map(({ name }) => name);
}
