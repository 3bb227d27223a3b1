/**
 * The sizes at which a price per page is below a measured cost, with an interval. The cost between two measured sizes
 * is on the line between them; beyond the largest nothing is said. Pure.
 */
import { PAGE_SIZE } from '../../units.js';
import { type PagePrice, priceOf } from '../plan/break-even-spec.js';
import { type Curve, intervalOf, resampledRounds } from './resampled-rounds.js';
import { isSignificantAt, type SizeRange, shownRanges } from './shown-ranges.js';

/** The samples of one size, one for each round. */
export interface CostSamples {
  /** A multiple of the page size. */
  readonly bytes: number;
  /** Costs of one use, nanoseconds, one for each round. */
  readonly ns: readonly number[];
}

/** A size in bytes; null: the price is at no size below the cost. */
export interface SizeInterval {
  /** The size in the middle, bytes. */
  readonly median: number | null;
  /** Null in an interval of smallest sizes is more than any size, in one of largest sizes less than any. */
  readonly low: number | null;
  /** Upper end of the 95 % interval, bytes; null as for `low`. */
  readonly high: number | null;
}

/** The sizes at which a price is below a cost, with intervals. */
export interface BreakEven {
  /** Ranges of sizes, first and last included, at which the price is below the medians of the cost. */
  readonly wins: readonly SizeRange[];
  /** The parts of them in which the price differs significantly from the cost at the measured sizes. */
  readonly shown: readonly SizeRange[];
  /** The smallest of these sizes. */
  readonly smallest: SizeInterval;
  /** The largest of them. */
  readonly largest: SizeInterval;
  /** Number of rounds that the intervals come from. */
  readonly rounds: number;
}

/** Returns the cost of each whole number of pages, from that of the smallest size to that of the largest. */
function perPages(sizes: readonly number[], ns: Curve): number[] {
  const costs: number[] = [];
  for (let at = 0; at + 1 < sizes.length; at++) {
    const [from, to] = [sizes[at]! / PAGE_SIZE, sizes[at + 1]! / PAGE_SIZE];
    const slope = (ns[at + 1]! - ns[at]!) / (to - from);
    for (let pages = from; pages < to; pages++) costs.push(ns[at]! + slope * (pages - from));
  }
  return [...costs, ns.at(-1)!];
}

/** Returns the numbers of pages at which the price is below the cost, as ranges. */
function winsOf(sizes: readonly number[], ns: Curve, price: PagePrice): [number, number][] {
  const first = sizes[0]! / PAGE_SIZE;
  const wins: [number, number][] = [];
  for (const [at, cost] of perPages(sizes, ns).entries()) {
    const pages = first + at;
    if (priceOf(price, pages) >= cost) continue;
    const last = wins.at(-1);
    if (last !== undefined && last[1] === pages - 1) last[1] = pages;
    else wins.push([pages, pages]);
  }
  return wins;
}

/** Infinite numbers of pages stand for "at no size": JSON cannot hold them. */
function sizeOf(pages: number): number | null {
  return Number.isFinite(pages) ? pages * PAGE_SIZE : null;
}

function sizesOf(middle: number, values: readonly number[], tail: number): SizeInterval {
  const { low, high } = intervalOf(middle, values, tail);
  return { median: sizeOf(middle), low: sizeOf(low), high: sizeOf(high) };
}

/**
 * Returns for each price the sizes at which it is below the cost; an empty list if no round has all sizes. `costs`: in
 * ascending order of size; index i of all samples is round i.
 */
export function breakEvens(costs: readonly CostSamples[], prices: readonly PagePrice[], seed: number): BreakEven[] {
  const curves = resampledRounds(
    costs.map(({ ns }) => ns),
    seed,
  );
  if (curves === null) return [];
  const { middle, others, tail, rounds } = curves;
  const sizes = costs.map(({ bytes }) => bytes);
  return prices.map((price) => {
    const wins = winsOf(sizes, middle, price);
    const winsOfOthers = others.map((curve) => winsOf(sizes, curve, price));
    const smallest = (found: typeof wins) => found[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const largest = (found: typeof wins) => found.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
    const ranges = wins.map(([from, to]) => [from * PAGE_SIZE, to * PAGE_SIZE] as const);
    const isShown = (at: number) =>
      isSignificantAt(curves, at, (cost) => priceOf(price, sizes[at]! / PAGE_SIZE) / cost);
    return {
      wins: ranges,
      shown: shownRanges(ranges, sizes, isShown),
      smallest: sizesOf(smallest(wins), winsOfOthers.map(smallest), tail),
      largest: sizesOf(largest(wins), winsOfOthers.map(largest), tail),
      rounds,
    };
  });
}
