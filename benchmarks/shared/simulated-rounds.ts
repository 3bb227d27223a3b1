/**
 * Rounds of a run whose true median is known, to count how often an interval holds it: independent ones of several
 * distributions, and ones that depend on the rounds before them as on a shared host. Pure.
 */
import { type Random, randomInt } from '../../lib/random.js';

export interface RoundSource {
  readonly name: string;
  readonly trueMedian: number;
  readonly isIndependent: boolean;
  /** Returns the samples of one run of `count` rounds, in the order of time. */
  rounds(count: number, next: Random): number[];
}

/** Standard normal, by Box and Muller. */
export const normal = (next: Random) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Another process hits one sample in twenty. */
const HIT_SHARE = 0.05;
const HIT_FACTOR = 10;

/** A quarter of the time is slow, by three standard deviations of the noise. */
const SLOW_SHARE = 0.25;
const SLOWER = 3;
/** The median of the mixture: 0.75 F(x) + 0.25 F(x - 3) is 0.5 here, with the standard normal distribution F. */
const MEDIAN_WITH_SLOW = 0.426122;

function independent(name: string, trueMedian: number, draw: (next: Random) => number): RoundSource {
  const rounds = (count: number, next: Random) => Array.from({ length: count }, () => draw(next));
  return { name, trueMedian, isIndependent: true, rounds };
}

/** Exponential to both sides. */
function laplace(next: Random): number {
  const at = next() - 0.5;
  return -Math.sign(at) * Math.log(1 - 2 * Math.abs(at));
}

/** Independent rounds. */
export const INDEPENDENT: readonly RoundSource[] = [
  independent('normal', 0, normal),
  independent('lognormal', 1, (next) => Math.exp(normal(next))),
  independent('Laplace', 0, laplace),
  independent('normal, 5 % x 10', 0, (next) => normal(next) * (next() < HIT_SHARE ? HIT_FACTOR : 1)),
];

/** First-order autoregression of standard normal values, with another noise on each value. */
function autoregression(rho: number, name: string, noise: (next: Random) => number): RoundSource {
  const rounds = (count: number, next: Random) => {
    let state = normal(next);
    return Array.from({ length: count }, () => {
      state = rho * state + Math.sqrt(1 - rho * rho) * normal(next);
      return state + noise(next);
    });
  };
  return { name, trueMedian: 0, isIndependent: false, rounds };
}

/** Each block of rounds has a level of its own, which varies as much as the rounds of a block do. */
function blocks(length: number): RoundSource {
  const rounds = (count: number, next: Random) => {
    const offset = randomInt(next, length);
    let level = normal(next);
    return Array.from({ length: count }, (_, round) => {
      if ((round + offset) % length === 0) level = normal(next);
      return level + normal(next);
    });
  };
  return { name: `level per ${length} rounds`, trueMedian: 0, isIndependent: false, rounds };
}

/** A host that is slow a quarter of the time and changes `changes` times in a run, in the mean. */
function weather(changes: number): RoundSource {
  const rounds = (count: number, next: Random) => {
    const mean = count / changes;
    let isSlow = next() < SLOW_SHARE;
    return Array.from({ length: count }, () => {
      const sample = normal(next) + (isSlow ? SLOWER : 0);
      const dwell = 2 * mean * (isSlow ? SLOW_SHARE : 1 - SLOW_SHARE);
      if (next() < 1 / dwell) isSlow = !isSlow;
      return sample;
    });
  };
  return { name: `weather, ${changes} changes`, trueMedian: MEDIAN_WITH_SLOW, isIndependent: false, rounds };
}

const none = () => 0;
const hits = (next: Random) => (next() < HIT_SHARE ? HIT_FACTOR * normal(next) : 0);

/** Rounds that depend on those before them. */
export const DEPENDENT: readonly RoundSource[] = [
  autoregression(0.3, 'AR(1), 0.3', none),
  autoregression(0.5, 'AR(1), 0.5', none),
  autoregression(0.7, 'AR(1), 0.7', none),
  autoregression(0.5, 'AR(1), 0.5, 5 % + 10', hits),
  blocks(3),
  blocks(6),
  weather(8),
  weather(4),
  weather(1),
];

export type Ends = Readonly<Record<'low' | 'high', number>>;

export interface Coverage {
  /** Share of the runs whose interval holds the true median. */
  readonly covered: number;
  readonly meanWidth: number;
}

/** Simulates `runs` runs of `count` rounds. The same stream `next` gives the same runs. */
export function coverageOf(
  source: RoundSource,
  count: number,
  runs: number,
  next: Random,
  intervalOf: (samples: readonly number[]) => Ends,
): Coverage {
  let covered = 0;
  let width = 0;
  for (let run = 0; run < runs; run++) {
    const { low, high } = intervalOf(source.rounds(count, next));
    if (low <= source.trueMedian && source.trueMedian <= high) covered++;
    width += high - low;
  }
  return { covered: covered / runs, meanWidth: width / runs };
}
