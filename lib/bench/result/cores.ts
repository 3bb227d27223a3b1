/**
 * What a byte costs in CPU time: cores per 100 Gbit/s, of single rounds and of all, and the difference between two
 * cells. A round whose threads lacked their CPUs has no cost. Parts add up to the total in every round, and in the
 * summary too: a sum of medians of parts is another number, because each median is of another round.
 */
import { median } from 'simple-statistics';
import { MINIMAL_EFFECT } from '../statistics/paired-ratio.js';
import { MINIMAL_ROUNDS, summarize } from '../statistics/statistics.js';
import { CORE_KEYS, type CoreKey, type Ledger, NS_PER_64K_PER_CORE } from '../types/ledger-keys.js';
import type { Cores, CostDifference } from './cores-schema.js';

/** Share of the rounds that must have a cost: those that have one may be no small, lucky part of a run. */
const GIVEN_SHARE = 0.5;

export { NS_PER_64K_PER_CORE };

/** The parts of the cost of a round, cores per 100 Gbit/s; null where the round has none. Index = round. */
export type RoundCost = Readonly<Record<CoreKey, number>> | null;

type Difference = CostDifference['parts'][CoreKey];

function byPart<Value>(of: (key: CoreKey) => Value): Record<CoreKey, Value> {
  return Object.fromEntries(CORE_KEYS.map((key) => [key, of(key)])) as Record<CoreKey, Value>;
}

/** Returns the cost that a sample accounts, or null unless it has all parts. */
export function roundCost(ledger: Ledger | null | undefined): RoundCost {
  const isCost = CORE_KEYS.every((key) => Number.isFinite(ledger?.[key]));
  return isCost ? byPart((key) => ledger![key]!) : null;
}

/** Returns the sum of the parts: the order is that of `coresTotal` of a sample. */
export function totalOf(cost: Readonly<Record<CoreKey, number>>): number {
  return CORE_KEYS.reduce((sum, key) => sum + cost[key], 0);
}

/** True if `having` of `rounds` rounds are enough to speak of a cost, of which there must be `least` in any case. */
export function isGiven(having: number, rounds: number, least = MINIMAL_ROUNDS): boolean {
  return having >= least && having >= GIVEN_SHARE * rounds;
}

/**
 * Returns the cost that the rounds have together, or null if it is not to be given. The total is their median; each
 * part has the share of it that it has in the middle half of the rounds by total. `least`: how many rounds must have a
 * cost, in any case.
 */
export function coresOf(rounds: readonly RoundCost[], least = MINIMAL_ROUNDS): Cores | null {
  const costs = rounds.filter((cost) => cost !== null);
  if (!isGiven(costs.length, rounds.length, least)) return null;
  const summary = summarize(costs.map(totalOf));
  const quarter = Math.floor(costs.length / 4);
  const middle = [...costs].sort((a, b) => totalOf(a) - totalOf(b)).slice(quarter, costs.length - quarter);
  const whole = middle.reduce((sum, cost) => sum + totalOf(cost), 0);
  const parts = byPart((key) => {
    const share = whole === 0 ? 0 : middle.reduce((sum, cost) => sum + cost[key], 0) / whole;
    const cores = summary.median * share;
    const { low, high } = summarize(costs.map((cost) => cost[key]));
    return { cores, low: Math.min(low, cores), high: Math.max(high, cores) };
  });
  return { ...summary, rounds: costs.length, parts };
}

/**
 * Significant: the interval excludes 0, the difference is at least `MINIMAL_EFFECT` of `baseline`, the whole cost that
 * it is a change of, and there are at least `MINIMAL_ROUNDS`.
 */
export function differenceOf(values: readonly number[], baseline: number): Difference {
  const { median: middle, low, high } = summarize(values);
  const isLarge = Math.abs(middle) >= MINIMAL_EFFECT * baseline;
  const isSure = values.length >= MINIMAL_ROUNDS && (low > 0 || high < 0);
  return { median: middle, low, high, significant: isLarge && isSure };
}

/**
 * Returns the difference of two cells that were sampled in the same rounds: index i of both is round i. Null unless
 * both have a cost that is given, in enough rounds at the same time.
 */
export function costDifference(of: readonly RoundCost[], to: readonly RoundCost[]): CostDifference | null {
  const isBothGiven = [of, to].every((rounds) => isGiven(rounds.filter((cost) => cost !== null).length, rounds.length));
  const both = of.flatMap((cost, round) => {
    const other = to[round];
    return cost == null || other == null ? [] : [{ cost, other }];
  });
  if (!isBothGiven || both.length < MINIMAL_ROUNDS) return null;
  const baseline = median(both.map(({ other }) => totalOf(other)));
  const total = both.map(({ cost, other }) => totalOf(cost) - totalOf(other));
  return {
    ...differenceOf(total, baseline),
    rounds: both.length,
    parts: byPart((key) => {
      const values = both.map(({ cost, other }) => cost[key] - other[key]);
      return differenceOf(values, baseline);
    }),
  };
}

/** Keys of a ledger that are a cost per byte, or part of one. */
export const COST_KEYS = [...CORE_KEYS, 'coresTotal', 'allocNsPer64K', 'refillNsPer64K', 'controlNsPerSkb'] as const;

/**
 * Returns the ledger of a cell as it agrees with its cost: parts that add up, or no number that is a cost per byte
 * where none is given.
 */
export function withCores(ledger: Ledger, cores: Cores | null): Ledger {
  if (CORE_KEYS.every((key) => ledger[key] === undefined) && ledger.coresTotal === undefined) return ledger;
  if (cores === null) {
    const others = Object.entries(ledger).filter(([key]) => !(COST_KEYS as readonly string[]).includes(key));
    return Object.fromEntries(others);
  }
  const parts = byPart((key) => cores.parts[key].cores);
  return Object.assign({ ...ledger }, { coresTotal: cores.median }, parts, allocOf(ledger, parts.coresSlotPage));
}

/** Slot and page work in nanoseconds, and the part of it that senders do for memory. */
function allocOf({ allocNsPer64K: alloc, refillNsPer64K: refill }: Ledger, slotPage: number): Ledger {
  if (alloc === undefined) return {};
  const agreeing = slotPage * NS_PER_64K_PER_CORE;
  if (refill === undefined || alloc === 0) return { allocNsPer64K: agreeing };
  return { allocNsPer64K: agreeing, refillNsPer64K: (refill / alloc) * agreeing };
}
