/**
 * What a byte costs by several runs. Each run has judged by its rounds whether it has a cost; such a cost is a sample
 * here, with parts that add up. A difference was formed within the rounds of each run.
 */

import { COST_KEYS, coresOf, differenceOf, type RoundCost, roundCost, totalOf } from '../result/cores.js';
import type { Cores, CostDifferenceResult } from '../result/cores-schema.js';
import type { CellResult, ResultDocument } from '../result/result.js';
import { CORE_KEYS, type CoreKey } from '../types/ledger-keys.js';
import { medianOf } from './median-of.js';

/** The cost of a cell in a run. Files from before it was recorded have it in their ledger, and others only with it. */
function costOf(cell: CellResult | undefined): RoundCost {
  if (cell?.cores === undefined) return roundCost(cell?.ledger);
  const { parts } = cell.cores;
  return Object.fromEntries(CORE_KEYS.map((key) => [key, parts[key].cores])) as Record<CoreKey, number>;
}

/** `parts`: what each run says of the cell. Null unless half of the runs have a cost, and one at least. */
export function combineCores(parts: readonly (CellResult | undefined)[]): Cores | null {
  return coresOf(parts.map(costOf), 1);
}

/**
 * Returns the sample of a key of the ledger that a run is: null where it has none, or where the key is a cost and the
 * run has none to give. The parts of a cost are those that add up.
 */
export function ledgerSampleOf(cell: CellResult | undefined, key: string): number | null {
  const sample = medianOf(cell?.ledgerSamples?.[key]);
  if (!(COST_KEYS as readonly string[]).includes(key)) return sample;
  const cost = costOf(cell);
  if (cost === null) return null;
  return key === 'coresTotal' ? totalOf(cost) : (cost[key as CoreKey] ?? sample);
}

/** The median total of a cell over the runs that have one; 0 if none has. */
function totalOfCell(runs: readonly ResultDocument[], id: string): number {
  const costs = runs.map(({ results }) => costOf(results.find((cell) => cell.id === id)));
  return medianOf(costs.map((cost) => (cost === null ? null : totalOf(cost)))) ?? 0;
}

/** Returns the differences that half of the runs have, in the order of the first that has them. */
export function combineCostDifferences(runs: readonly ResultDocument[]): CostDifferenceResult[] {
  const ids = new Set(runs.flatMap(({ costDifferences }) => costDifferences.map(({ id }) => id)));
  return [...ids].flatMap((id) => {
    const found = runs.flatMap(({ costDifferences }) => costDifferences.filter((one) => one.id === id));
    if (2 * found.length < runs.length) return [];
    const { scenario, of, to } = found[0]!;
    const baseline = totalOfCell(runs, to);
    const over = (value: (one: CostDifferenceResult) => number) => differenceOf(found.map(value), baseline);
    const parts = Object.fromEntries(CORE_KEYS.map((key) => [key, over((one) => one.parts[key].median)]));
    const total = over(({ median }) => median);
    return [{ id, scenario, of, to, ...total, rounds: found.length, parts: parts as CostDifferenceResult['parts'] }];
  });
}
