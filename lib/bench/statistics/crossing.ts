/**
 * The sizes at which one measured cost is below another, with an interval. The ratio of the two is formed within each
 * round; between two measured sizes it is on the line between them in logarithms of both. Beyond the smallest and the
 * largest nothing is said. Pure.
 */
import type { SizeInterval } from './break-even.js';
import { type Curve, intervalOf, resampledRounds } from './resampled-rounds.js';
import { isSignificantAt, type SizeRange, shownRanges } from './shown-ranges.js';

/** Sizes that are measured are multiples of it, bytes; finer ones would pretend to be measured. */
const STEP = 512;

/** The samples of both costs at one size, one for each round. */
export interface CrossingSamples {
  /** The size. */
  readonly bytes: number;
  /** The cost that may be lower, one sample for each round. */
  readonly of: readonly number[];
  /** The cost that it is compared with, in the same unit. */
  readonly to: readonly number[];
}

/** The sizes at which one cost is below another, with intervals. */
export interface Crossing {
  /** Ranges of sizes, first and last included, at which the first cost is below the second. */
  readonly wins: readonly SizeRange[];
  /** The parts of them in which the ratios at the measured sizes are significant. */
  readonly shown: readonly SizeRange[];
  /** The smallest of these sizes: the break-even, where cost falls with size. */
  readonly smallest: SizeInterval;
  /** The largest of them. */
  readonly largest: SizeInterval;
  /** Number of rounds that the intervals come from. */
  readonly rounds: number;
}

/** Where the line between two points, which lie on different sides, is at 1: a whole number of steps. */
function meeting(sizes: readonly number[], logs: Curve, at: number): number {
  const [from, to] = [Math.log(sizes[at]!), Math.log(sizes[at + 1]!)];
  const share = logs[at]! / (logs[at]! - logs[at + 1]!);
  return Math.round(Math.exp(from + (to - from) * share) / STEP) * STEP;
}

/** Returns the ranges of sizes at which the ratio is below 1. */
function winsOf(sizes: readonly number[], ratios: Curve): [number, number][] {
  const logs = ratios.map(Math.log);
  const wins: [number, number][] = [];
  let from: number | null = logs[0]! < 0 ? sizes[0]! : null;
  for (let at = 0; at + 1 < sizes.length; at++) {
    const [isBelow, isNextBelow] = [logs[at]! < 0, logs[at + 1]! < 0];
    if (isBelow === isNextBelow) continue;
    const size = meeting(sizes, logs, at);
    if (isNextBelow) from = size;
    else wins.push([from!, size]);
  }
  if (logs.at(-1)! < 0) wins.push([from!, sizes.at(-1)!]);
  return wins;
}

/** Infinite sizes stand for "at no size": JSON cannot hold them. */
const sizeOf = (size: number) => (Number.isFinite(size) ? size : null);

/** Returns the ratio of each size in each round, without rounds in which something had no cost. */
function ratiosOf(points: readonly CrossingSamples[]): number[][] {
  const rounds = Math.min(...points.map(({ of, to }) => Math.min(of.length, to.length)));
  if (!Number.isFinite(rounds)) return [];
  const isUsable = (round: number) => points.every(({ of, to }) => of[round]! > 0 && to[round]! > 0);
  const usable = Array.from({ length: rounds }, (_, round) => round).filter(isUsable);
  return points.map(({ of, to }) => usable.map((round) => of[round]! / to[round]!));
}

/** `points`: in ascending order of size; index i of all samples is round i. Null if no round has all of them. */
export function crossing(points: readonly CrossingSamples[], seed: number): Crossing | null {
  const curves = resampledRounds(ratiosOf(points), seed);
  if (curves === null) return null;
  const { middle, others, tail, rounds } = curves;
  const sizes = points.map(({ bytes }) => bytes);
  const wins = winsOf(sizes, middle);
  const winsOfOthers = others.map((curve) => winsOf(sizes, curve));
  const sizesOf = (end: (found: typeof wins) => number): SizeInterval => {
    const { low, high } = intervalOf(end(wins), winsOfOthers.map(end), tail);
    return { median: sizeOf(end(wins)), low: sizeOf(low), high: sizeOf(high) };
  };
  return {
    wins,
    shown: shownRanges(wins, sizes, (at) => isSignificantAt(curves, at, Number)),
    smallest: sizesOf((found) => found[0]?.[0] ?? Number.POSITIVE_INFINITY),
    largest: sizesOf((found) => found.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY),
    rounds,
  };
}
