/**
 * Decides which CPU runs next, in one of two ways of searching schedules.
 * `walk`: at random points, switches to a random CPU, to some CPUs far more often than to others.
 * `priorities`: the CPU of the highest priority runs until one of a few random points, or a wait, makes its priority
 * the lowest. It finds a bug that needs d orderings with a probability that depends on d, however long the run is
 * (probabilistic concurrency testing, Burckhardt and others, 2010).
 * Threads: the words are shared; only the thread that has the turn accesses them.
 */
import { xorshift } from '../../lib/random.js';

const { imul } = Math;

export interface StrategyConfig {
  readonly kind: 'walk' | 'priorities';
  /** Seed of the random numbers, not 0. */
  readonly seed: number;
  /** Mean number of points from one change to the next. */
  readonly meanGap: number;
  /** How often `walk` chooses each CPU, relative to the others. */
  readonly weights: readonly number[];
  /** True to change more often at operations that have hardly been met before. */
  readonly prefersRare: boolean;
}

const RANDOM = 0;
const KIND = 1;
const GAP = 2;
const LEFT = 3; // points until the next change
const LOWEST = 4; // priorities go down from 0
const RARE = 5; // whether operations are counted
const CPUS = 8; // weight or priority of each CPU
const COUNTS = CPUS + 32;
const COUNTED = 1024; // a power of two
/** Number of words that a strategy takes. */
export const STRATEGY_WORDS = COUNTS + COUNTED;

/** An operation is rare the first RARE_TIMES times, and a change is due at one in RARE_ODDS of these. */
const RARE_TIMES = 4;
const RARE_ODDS = 4;

const WALK = 0;
const PRIORITIES = 1;

export class Strategy {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  begin(config: StrategyConfig): void {
    const words = this.#words;
    words.fill(0);
    words[RANDOM] = config.seed;
    words[KIND] = config.kind === 'walk' ? WALK : PRIORITIES;
    words[GAP] = config.meanGap;
    words[RARE] = config.prefersRare ? 1 : 0;
    config.weights.forEach((weight, cpu) => {
      words[CPUS + cpu] = config.kind === 'walk' ? weight : this.#random(1 << 20) + 1;
    });
    this.#draw();
  }

  /**
   * True if a change is due at this point. Called once for each point; `operation` tells one kind of point from others.
   */
  isDue(operation: number): boolean {
    const words = this.#words;
    const left = words[LEFT]! - 1;
    words[LEFT] = left;
    if (words[RARE] !== 0 && operation !== 0) {
      const at = COUNTS + ((imul(operation, 0x9e3779b1) >>> 16) & (COUNTED - 1));
      words[at] = words[at]! + 1;
      if (words[at]! <= RARE_TIMES && this.#random(RARE_ODDS) === 0) return true;
    }
    return left <= 0;
  }

  /** Returns the CPU that runs after a point that is due: one of the mask `live`, which `cpu` is in. */
  choose(cpu: number, live: number): number {
    this.#draw();
    return this.#words[KIND] === PRIORITIES ? this.#demote(cpu, live) : this.#weighed(live, cpu);
  }

  /** Returns the CPU of the mask `live` that runs while `cpu` waits. `following` is the next in turn. */
  chooseOther(cpu: number, live: number, following: number): number {
    const others = live & ~(1 << cpu);
    if (others === 0) return cpu;
    if (this.#words[KIND] === PRIORITIES) return this.#demote(cpu, others);
    return this.#random(4) === 0 ? this.#weighed(others, following) : following;
  }

  #demote(cpu: number, live: number): number {
    const words = this.#words;
    words[LOWEST] = words[LOWEST]! - 1;
    words[CPUS + cpu] = words[LOWEST]!;
    return this.#best(live);
  }

  #weighed(live: number, otherwise: number): number {
    const words = this.#words;
    let total = 0;
    for (let other = 0; other < 31; other++) if (live & (1 << other)) total += words[CPUS + other]!;
    let at = this.#random(total);
    for (let other = 0; other < 31; other++) {
      if ((live & (1 << other)) === 0) continue;
      at -= words[CPUS + other]!;
      if (at < 0) return other;
    }
    return otherwise;
  }

  #best(live: number): number {
    let best = -1;
    for (let cpu = 0; cpu < 31; cpu++) {
      if ((live & (1 << cpu)) === 0) continue;
      if (best < 0 || this.#words[CPUS + cpu]! > this.#words[CPUS + best]!) best = cpu;
    }
    return best;
  }

  /**
   * Draws the gap to the next change. Gaps are geometrically distributed: a change is equally likely at every point.
   */
  #draw(): void {
    const uniform = (this.#random(1 << 24) + 1) / (1 << 24);
    this.#words[LEFT] = 1 + Math.floor(-Math.log(uniform) * this.#words[GAP]!);
  }

  /** An integer in [0, below), with `below` at most 2^24. */
  #random(below: number): number {
    const state = xorshift(this.#words[RANDOM]!);
    this.#words[RANDOM] = state;
    return (state >>> 4) % below;
  }
}
