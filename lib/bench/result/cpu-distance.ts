/**
 * How far the measuring CPUs were from each other. Where a hypervisor has them near in one run and far in the next, it
 * makes two machines of a guest. Pure.
 */
import { quantile } from 'simple-statistics';
import type { ResultDocument } from './result.js';

/** Distances of CPUs within this factor are the same place. */
export const SAME_PLACE = 1.5;

export const isOnePlace = (lowNs: number, highNs: number): boolean => highNs <= SAME_PLACE * lowNs;

/**
 * Returns how far the measuring CPUs were from each other: deciles and median of the round trips of a cache line over
 * the run, nanoseconds. Null where that is not known.
 */
export function cpuDistance({ scenarios }: ResultDocument): { low: number; middle: number; high: number } | null {
  const trips = scenarios.flatMap(({ rounds }) => rounds.flatMap(({ lineRoundTripNs }) => lineRoundTripNs ?? []));
  if (trips.length === 0) return null;
  const [low, middle, high] = quantile(trips, [0.1, 0.5, 0.9]) as [number, number, number];
  return { low, middle, high };
}
