/** How far the measuring CPUs are from each other just now: on a virtual machine that changes from minute to minute. */
import { addon } from '../../memory/addon.js';

const ITERATIONS = 300;
/** The least of them counts: a thread that loses its CPU for a moment says nothing about distance. */
const TRIES = 3;
/** Pairs to look at: the first CPU with some of the others; enough to see a move, cheap enough for every round. */
const PAIRS = 3;

/** Nanoseconds of a round trip between two CPUs; -1 when one of them cannot be had. */
type Trip = (a: number, b: number) => number;

const measured: Trip = (a, b) => addon().cacheLineRoundTrip(a, b, ITERATIONS);

/** Longest round trip of a cache line, nanoseconds; null with one CPU, or when the CPUs cannot be had. */
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
