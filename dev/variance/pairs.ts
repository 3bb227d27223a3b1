/**
 * Pairs of observations of a series, in classes: what the two have in common, and how much time lies between them. Half
 * the mean square of their differences is the semivariance of the class. Pure.
 */
import { type Random, randomInt } from '../../lib/random.js';
import type { Observation } from './observations.js';

/** Lags at which weather is told apart, seconds. Below the first one it counts as noise. */
export const LAG_STEPS = [1.5, 10, 60] as const;
/** Pairs that are kept of a class, at most. They are drawn by chance; more would say little that these do not. */
const MAX_PAIRS = 4000;
/** Length of a block of time, which is what the bootstrap draws, milliseconds. */
const BLOCK_MS = 30_000;
/** The median of the absolute value of a standard normal variable. */
const NORMAL_MEDIAN = 0.6744897501960817;

/** What differs between the two of a pair. Of another process is also of other threads and other memory. */
export interface Relation {
  readonly memory: boolean;
  readonly threads: boolean;
  readonly process: boolean;
}

/** One column for each fact of a pair; the pairs are in the order of their differences. */
export interface PairClass {
  readonly relation: Relation;
  /** Number of lag steps that lie between the two. */
  readonly steps: number;
  /** Absolute differences of logarithms, ascending. */
  readonly differences: Float64Array;
  /** Processes and blocks of time of the two. */
  readonly processes: readonly [Uint32Array, Uint32Array];
  readonly blocks: readonly [Uint32Array, Uint32Array];
  /** Number of pairs that these were drawn from. */
  readonly pairs: number;
}

/** Weights by process and by block of time: what the bootstrap draws. */
export interface PairWeights {
  readonly ofProcess: Float64Array;
  readonly ofBlock: Float64Array;
}

/** How a class becomes one number: by the mean of squares, or by the median, which outliers do not move. */
export type Centre = 'mean' | 'median';

export const blockOf = ({ atMs }: Pick<Observation, 'atMs'>): number => Math.floor(Math.max(0, atMs) / BLOCK_MS);

export function relationOf(a: Observation, b: Observation): Relation {
  const process = a.process !== b.process;
  return { process, memory: process || a.memory !== b.memory, threads: process || a.threads !== b.threads };
}

/** Number of steps that lie within a lag. */
export function stepsWithin(lagMs: number): number {
  let steps = 0;
  while (steps < LAG_STEPS.length && lagMs >= LAG_STEPS[steps]! * 1000) steps++;
  return steps;
}

const RELATION_KEYS = { memory: 1, threads: 2, process: 4, steps: 8 } as const;

interface Drawn {
  readonly relation: Relation;
  readonly steps: number;
  readonly kept: [Observation, Observation][];
  seen: number;
}

const differenceOf = ([a, b]: readonly [Observation, Observation]) => Math.abs(a.y - b.y);

/** A number for each relation and number of steps; nothing is allocated for a pair. */
function keyOf(a: Observation, b: Observation): number {
  const { process, memory, threads } = RELATION_KEYS;
  const steps = stepsWithin(Math.abs(a.atMs - b.atMs)) * RELATION_KEYS.steps;
  if (a.process !== b.process) return steps + process + memory + threads;
  return steps + (a.memory === b.memory ? 0 : memory) + (a.threads === b.threads ? 0 : threads);
}

/** Returns the classes that have pairs. `next` draws the pairs that are kept of a large class. */
export function pairClasses(observations: readonly Observation[], next: Random): PairClass[] {
  const classes = new Map<number, Drawn>();
  for (let at = 0; at < observations.length; at++) {
    const a = observations[at]!;
    for (let before = 0; before < at; before++) {
      const b = observations[before]!;
      const key = keyOf(a, b);
      let drawn = classes.get(key);
      if (drawn === undefined) {
        const steps = stepsWithin(Math.abs(a.atMs - b.atMs));
        drawn = { relation: relationOf(a, b), steps, kept: [], seen: 0 };
        classes.set(key, drawn);
      }
      drawn.seen++;
      const place = drawn.kept.length < MAX_PAIRS ? drawn.kept.length : randomInt(next, drawn.seen);
      if (place < MAX_PAIRS) drawn.kept[place] = [a, b];
    }
  }
  return [...classes.values()].map(({ relation, steps, kept, seen }) => {
    const sorted = kept.toSorted((one, other) => differenceOf(one) - differenceOf(other));
    const column = (of: (observation: Observation) => number) =>
      [Uint32Array.from(sorted, ([a]) => of(a)), Uint32Array.from(sorted, ([, b]) => of(b))] as const;
    return {
      relation,
      steps,
      differences: Float64Array.from(sorted, differenceOf),
      processes: column(({ process }) => process),
      blocks: column(blockOf),
      pairs: seen,
    };
  });
}

/** A pair weighs as much as its processes and its blocks do, each of them once. */
function weightsOf({ differences, processes, blocks }: PairClass, weights: PairWeights | null): Float64Array {
  const result = new Float64Array(differences.length).fill(1);
  if (weights === null) return result;
  for (let at = 0; at < result.length; at++) {
    const [processA, processB] = [processes[0][at]!, processes[1][at]!];
    const [blockA, blockB] = [blocks[0][at]!, blocks[1][at]!];
    result[at] =
      weights.ofProcess[processA]! *
      (processA === processB ? 1 : weights.ofProcess[processB]!) *
      weights.ofBlock[blockA]! *
      (blockA === blockB ? 1 : weights.ofBlock[blockB]!);
  }
  return result;
}

/**
 * Returns the semivariance of a class. By the median: that of normal differences with the same median. NaN if no pair
 * has a weight.
 */
export function semivariance(pairs: PairClass, centre: Centre, weights: PairWeights | null = null): number {
  const { differences } = pairs;
  const each = weightsOf(pairs, weights);
  let total = 0;
  let squares = 0;
  for (let at = 0; at < each.length; at++) {
    total += each[at]!;
    squares += each[at]! * differences[at]! ** 2;
  }
  if (centre === 'mean') return squares / total / 2;
  let below = 0;
  for (let at = 0; at < each.length; at++) {
    below += each[at]!;
    if (below >= total / 2 && total > 0) return (differences[at]! / NORMAL_MEDIAN) ** 2 / 2;
  }
  return Number.NaN;
}
