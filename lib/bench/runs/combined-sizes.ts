/**
 * At which sizes something is cheaper, by several runs: at those at which most runs say so. A file does not hold the
 * curves themselves, so that each run is asked for its ranges. Pure.
 */
import type { BreakEvenResult, CrossingResult, ResultDocument } from '../result/result.js';
import type { SizeRange } from '../statistics/shown-ranges.js';
import { lowPosition, MINIMAL_ROUNDS } from '../statistics/statistics.js';

type Range = [from: number, to: number];
type Sizes = Pick<BreakEvenResult, 'wins' | 'shown' | 'smallest' | 'largest' | 'rounds'>;

/** Returns the sizes that are in the ranges of at least `count` of the runs. */
export function sizesOfMost(runs: readonly (readonly SizeRange[])[], count: number): Range[] {
  const ends = [...new Set(runs.flat(2))].sort((a, b) => a - b);
  const has = (size: number) =>
    runs.filter((ranges) => ranges.some(([from, to]) => size >= from && size <= to)).length >= count;
  const found: Range[] = [];
  for (const [at, size] of ends.entries()) {
    if (!has(size)) continue;
    const isJoined = at > 0 && found.at(-1)?.[1] === ends[at - 1] && has((size + ends[at - 1]!) / 2);
    if (isJoined) found.at(-1)![1] = size;
    else found.push([size, size]);
  }
  return found;
}

/** Infinite sizes stand for "at no size": JSON cannot hold them. */
const sizeOf = (size: number) => (Number.isFinite(size) ? size : null);

/** The interval of the median ends at sizes that runs have: between "at no size" and a size there is nothing. */
function intervalOf(middle: number, ofRuns: readonly number[]): BreakEvenResult['smallest'] {
  const sorted = Float64Array.from(ofRuns).sort();
  const rank = rankOf(sorted.length);
  const [low, high] = [sorted[rank - 1]!, sorted.at(-rank)!];
  return { median: sizeOf(middle), low: sizeOf(Math.min(low, middle)), high: sizeOf(Math.max(high, middle)) };
}

/** `all`: what each run says of the same costs. */
function combineSizes(all: readonly Sizes[]): Sizes {
  const runs = all.length;
  const ofRuns = all.map(({ wins }) => wins as readonly SizeRange[]);
  const wins = sizesOfMost(ofRuns, Math.floor(runs / 2) + 1);
  const smallest = (ranges: readonly SizeRange[]) => ranges[0]?.[0] ?? Number.POSITIVE_INFINITY;
  const largest = (ranges: readonly SizeRange[]) => ranges.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
  return {
    wins,
    shown: runs < MINIMAL_ROUNDS ? [] : sizesOfMost(ofRuns, beyondChance(runs)),
    smallest: intervalOf(smallest(wins), ofRuns.map(smallest)),
    largest: intervalOf(largest(wins), ofRuns.map(largest)),
    rounds: runs,
  };
}

/** How many of the runs have to agree, by the test of signs: as many as lie on one side of the median's interval. */
function beyondChance(runs: number): number {
  return runs - rankOf(runs) + 1;
}

/** The interval of the median is from the value of this rank to that of the same rank from the other end. */
function rankOf(runs: number): number {
  return Math.floor(lowPosition(runs));
}

/** What was compared is the same in all runs of a series, so that entries of the same key belong together. */
function combine<Entry extends Sizes>(all: readonly (readonly Entry[])[], keyOf: (entry: Entry) => string): Entry[] {
  const byKey = new Map<string, Entry[]>();
  for (const entry of all.flat()) byKey.set(keyOf(entry), [...(byKey.get(keyOf(entry)) ?? []), entry]);
  return [...byKey.values()].map((entries) => ({ ...entries[0]!, ...combineSizes(entries) }));
}

export function combineBreakEvens(runs: readonly ResultDocument[]): BreakEvenResult[] {
  return combine(
    runs.map(({ breakEvens }) => breakEvens),
    ({ id, price }) => JSON.stringify([id, price]),
  );
}

export function combineCrossings(runs: readonly ResultDocument[]): CrossingResult[] {
  return combine(
    runs.map(({ crossings }) => crossings),
    ({ id }) => id,
  );
}
