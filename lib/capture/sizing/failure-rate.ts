/**
 * How likely a mapping fails, from failures that were counted, with limits at 95 % to each side. Failures come in
 * bursts, so a burst is one event of a Poisson distribution, whose limits are those of Byar; of no event at all the
 * upper limit is three (the rule of three). Passes of one capture are the same mappings again, and add nothing to how
 * many were seen; passes of drawn flows are new ones. Pure.
 */
import type { Pass } from './loaded-pool.js';

/** Deviations of a normal distribution that 5 % are beyond, to one side. */
const Z = 1.645;
/** Events that would still be seen as none in 5 % of all cases. */
const NONE_SEEN = 3;

/** A probability with limits. Each limit is passed with a probability of 5 %. */
export interface FailureRate {
  /** Mappings that were tried, of all passes. */
  readonly attempts: number;
  /** Of them, those that found no slots. */
  readonly failures: number;
  /** Runs of failures that follow each other closely. */
  readonly bursts: number;
  /** Failures of an attempt. */
  readonly probability: number;
  /** Lower limit; 0 if none failed. */
  readonly low: number;
  /** Upper limit; never 0. */
  readonly high: number;
}

/** Limits of the mean of which `count` events were seen; it need not be whole. */
export function poissonLimits(count: number): { low: number; high: number } {
  if (count <= 0) return { low: 0, high: NONE_SEEN };
  const cube = (n: number, z: number) => n * Math.max(0, 1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
  return { low: cube(count, -Z), high: Math.max(NONE_SEEN, cube(count + 1, Z)) };
}

/** What became of loads in `rounds` rounds. `isFresh`: each round has mappings of its own. Null without an attempt. */
export function failureRate(passes: readonly Pass[], rounds: number, isFresh: boolean): FailureRate | null {
  const sum = (of: 'attempts' | 'failures' | 'bursts') => passes.reduce((total, pass) => total + pass[of], 0);
  const [attempts, failures, bursts] = [sum('attempts'), sum('failures'), sum('bursts')];
  if (attempts === 0) return null;
  const share = isFresh ? 1 : rounds;
  const { low, high } = poissonLimits(bursts / share);
  const perBurst = bursts === 0 ? 1 : failures / bursts;
  const limit = (events: number) => Math.min(1, (events * perBurst * share) / attempts);
  return { attempts, failures, bursts, probability: failures / attempts, low: limit(low), high: limit(high) };
}
