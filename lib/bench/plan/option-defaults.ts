/** Defaults of options that depend on the plan of a run, its CPUs or the memory of the host. */
import { KIB, MIB } from '../../units.js';
import type { Plan, RunBasis, ScenarioListing } from './option-row.js';
import { shareOf } from './swept-pools.js';

/** A value for each plan. */
export const byPlan =
  <Value>(values: Readonly<Record<Plan, Value>>) =>
  ({ plan }: RunBasis): Value =>
    values[plan];

/** `usual` in all plans but a sweep. */
export const sweptOver =
  <Value>(usual: Value, swept: readonly Value[]) =>
  ({ plan }: RunBasis): readonly Value[] =>
    plan === 'sweep' ? swept : [usual];

/** Counts for a sweep: powers of two, at most as many as CPUs, and at most eight. */
const powersUpToCpus = ({ cpus }: RunBasis) => [1, 2, 4, 8].filter((count) => count <= Math.max(1, cpus.length));
/** A single one, and as many as CPUs, at most eight. */
const oneAndMost = ({ cpus }: RunBasis) => [...new Set([1, Math.max(1, Math.min(cpus.length, 8))])];

/** As many senders as CPUs, and also a single one unless the run is quick. */
export function defaultSenders(basis: RunBasis): readonly number[] {
  if (basis.plan === 'sweep') return powersUpToCpus(basis);
  return basis.plan === 'quick' ? oneAndMost(basis).slice(-1) : oneAndMost(basis);
}

/** One queue that all senders share; in a full run also as many queues as senders. */
export function defaultQueues(basis: RunBasis): readonly number[] {
  if (basis.plan === 'sweep') return powersUpToCpus(basis);
  return basis.plan === 'full' ? oneAndMost(basis) : [1];
}

/** In flight in a sweep: less than an L2 cache, less than most L3 caches, and more than any, if memory allows. */
export function defaultWindows(basis: RunBasis): readonly number[] {
  if (basis.plan === 'full') return [256 * KIB, 4 * MIB, 32 * MIB];
  if (basis.plan !== 'sweep') return [4 * MIB];
  const mostSenders = powersUpToCpus(basis).at(-1)!;
  return [256 * KIB, 4 * MIB, 64 * MIB].filter((window) => mostSenders * window <= shareOf(basis.memory));
}

function isOnRequest(onRequest: ScenarioListing['onRequest'], plan: Plan): boolean {
  return onRequest === true || (onRequest === 'in quick runs' && plan === 'quick');
}

/** Scenarios that answer a user's question; in a full run also those for work on the model. */
export function defaultScenarios({ plan, entries }: RunBasis): readonly string[] {
  const runs = entries.filter(({ onRequest, measuresDesigns }) =>
    plan === 'sweep' ? measuresDesigns === true : plan === 'full' || !isOnRequest(onRequest, plan),
  );
  return runs.map(({ name }) => name);
}
