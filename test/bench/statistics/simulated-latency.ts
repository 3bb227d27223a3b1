/** Curves of latency by size as hosts have them, with knees that are known. */
import type { LatencyCurve } from '../../../lib/bench/statistics/knees.js';
import { type Random, random } from '../../../lib/random.js';

export interface SimulatedHost {
  /** Capacities of the caches, bytes, small to large. */
  readonly capacities: readonly number[];
  /** Of each cache and of the memory behind them, nanoseconds: one more than capacities. */
  readonly levelsNs: readonly number[];
  readonly seed: number;
  /** Of the logarithm of each repeat. Default 0.03. */
  readonly deviation?: number;
  /** Share of repeats that a neighbour makes up to ten times as slow. Default 0. */
  readonly disturbed?: number;
  /** Share of a cache that others use at times: its size is between the rest and all of it in each pass. Default 0. */
  readonly shared?: number;
  /** What the last cache still has of a set that does not fit goes down with this power of the size. Default 1.5. */
  readonly steepness?: number;
  /** By what the latency rises per octave besides, in logarithms. Default 0. */
  readonly slope?: number;
  readonly passes?: number;
}

const FIRST_OCTAVE = 12;
const LAST_OCTAVE = 27;
const PER_OCTAVE = 4;

/** A number of the normal distribution (Box and Muller). */
function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** What part of the loads a cache of this capacity serves. */
function served(capacity: number, bytes: number, steepness: number): number {
  return bytes <= capacity ? 1 : (capacity / bytes) ** steepness;
}

export function simulatedLatency(host: SimulatedHost): LatencyCurve {
  const { capacities, levelsNs, seed, deviation = 0.03, disturbed = 0, shared = 0, steepness = 1.5 } = host;
  const { slope = 0, passes = 7 } = host;
  const next = random(seed);
  const count = (LAST_OCTAVE - FIRST_OCTAVE) * PER_OCTAVE + 1;
  const bytes = Array.from({ length: count }, (_, at) => 2 ** (FIRST_OCTAVE + at / PER_OCTAVE));
  const lefts = Array.from({ length: passes }, () => 1 - shared * next());
  const ns = bytes.map((size) =>
    lefts.map((left) => {
      const parts = capacities.map((capacity, at) => {
        const isLast = at === capacities.length - 1;
        return served(isLast ? capacity * left : capacity, size, steepness);
      });
      const missed = parts.map((part, at) => (1 - part) * (levelsNs[at + 1]! - levelsNs[at]!));
      const exact = levelsNs[0]! + missed.reduce((sum, one) => sum + one, 0);
      const slower = next() < disturbed ? 1 + 9 * next() : 1;
      return exact * Math.exp(slope * Math.log2(size / bytes[0]!) + deviation * normal(next)) * slower;
    }),
  );
  return { bytes, ns };
}
