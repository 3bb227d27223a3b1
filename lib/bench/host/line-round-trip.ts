/** Measures how far the measuring CPUs are from each other. In a guest that may change from minute to minute. */
import { addon } from '../../addon/addon.js';

const ITERATIONS = 300;
/** The shortest of them counts, because a thread that loses its CPU meanwhile says nothing about the distance. */
const TRIES = 3;
/** Pairs that are measured: the first CPU with some others. Enough to see a move, and cheap enough for every round. */
const PAIRS = 3;

/** Measures a round trip between two CPUs, nanoseconds; -1 if a thread cannot run on one of them. */
type Trip = (a: number, b: number) => number;

const measured: Trip = (a, b) => addon().cacheLineRoundTrip(a, b, ITERATIONS);

/**
 * Returns the longest round trip of a cache line, nanoseconds; null if there is one CPU, or if it cannot be measured.
 */
export function lineRoundTrip(cpus: readonly number[], trip: Trip = measured): number | null {
  const [first, ...others] = cpus;
  if (first === undefined || others.length === 0) return null;
  try {
    const trips = others
      .slice(0, PAIRS)
      .map((cpu) => Math.min(...Array.from({ length: TRIES }, () => trip(first, cpu))));
    return trips.some((ns) => ns <= 0) ? null : Math.max(...trips);
  } catch {
    return null;
  }
}
