/** How far the measuring CPUs are from each other just now: on a virtual machine that changes from minute to minute. */
import { addon } from '../memory/addon.js';

const ITERATIONS = 1000;
/** Pairs to look at: the first CPU with some of the others; enough to see a move, cheap enough for every round. */
const PAIRS = 3;

/** Longest round trip of a cache line, nanoseconds; null with one CPU, or when the CPUs cannot be had. */
export function lineRoundTrip(cpus: readonly number[]): number | null {
  const [first, ...others] = cpus;
  if (first === undefined || others.length === 0) return null;
  try {
    const trips = others.slice(0, PAIRS).map((cpu) => addon().cacheLineRoundTrip(first, cpu, ITERATIONS));
    return trips.some((ns) => ns <= 0) ? null : Math.max(...trips);
  } catch {
    return null;
  }
}
