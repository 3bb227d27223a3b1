/**
 * Tries pools with loads, each in several passes. What is drawn in a pass (holes in the floor, which CPU is which, the
 * mappings of flows) is the same for all pools, so that they differ by their size and not by chance. Owner: one thread,
 * which is given back to others between passes.
 */
import { SLOT_SIZE } from '../../units.js';
import { loadFacts, type PoolLoad } from '../load/pool-load.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { failureRate } from './failure-rate.js';
import { LoadedPool, madeShape, type Pass } from './loaded-pool.js';
import type { TriedPool } from './pool-sizing.js';

/** From this many failures on, more passes would not change what is to be said. */
const ENOUGH_FAILURES = 1000;
/** Sizes without a failure after which the same mappings need not be tried in more than one pass. */
const SIZES_WITHOUT = 2;

/** A load, and what is held besides. */
export interface TrialLoad {
  readonly floor: number;
  /** The mappings of a pass: others in each, or the same. */
  readonly ofPass: (pass: number) => PoolLoad;
}

export interface TrialSetting {
  readonly loads: readonly TrialLoad[];
  /** True if each pass has mappings of its own. */
  readonly isFresh: boolean;
  readonly passes: number;
  readonly cpus: number;
  readonly seed: number;
  /** Slots that senders would fill with pages if they could. */
  readonly wantedPageSlots: number;
  readonly signal: AbortSignal | null;
  /** Called after each pass. */
  readonly onPass: () => void;
}

export class Trials {
  readonly #setting: TrialSetting;
  readonly #tried = new Map<string, TriedPool>();
  readonly #durationNs: number;
  /** Of each column of areas and percent: sizes in a row without a failure. */
  readonly #without = new Map<string, number>();

  constructor(setting: TrialSetting) {
    this.#setting = setting;
    this.#durationNs = setting.loads.reduce((sum, { ofPass }) => sum + loadFacts(ofPass(0)).durationNs, 0);
  }

  /** Tries a pool, or returns what was found before. Null once the signal is given. Smaller pools come first. */
  async try(asked: PoolShape, percent: number): Promise<TriedPool | null> {
    const shape = madeShape(asked);
    const key = `${shape.slots},${shape.areas},${percent}`;
    const before = this.#tried.get(key);
    if (before !== undefined) return before;
    const column = `${asked.areas},${percent}`;
    const without = this.#without.get(column) ?? 0;
    const { isFresh, passes, signal } = this.#setting;
    const wanted = !isFresh && without >= SIZES_WITHOUT ? 1 : passes;
    const pool = new LoadedPool(shape, this.#setting.cpus);
    const made: Pass[] = [];
    let rounds = 0;
    for (; rounds < wanted; rounds++) {
      if (signal?.aborted) return null;
      const ofRound = this.#round(pool, percent, rounds);
      if (ofRound === null) break;
      made.push(...ofRound);
      this.#setting.onPass();
      await new Promise(setImmediate);
      if (rounds > 0 && made.reduce((sum, { failures }) => sum + failures, 0) >= ENOUGH_FAILURES) {
        rounds++;
        break;
      }
    }
    const tried = this.#sum(shape, percent, made, rounds);
    this.#tried.set(key, tried);
    this.#without.set(column, tried.failures?.failures === 0 ? without + 1 : 0);
    return tried;
  }

  /** Each load once; null if the pool does not hold the floor of one. */
  #round(pool: LoadedPool, percent: number, round: number): Pass[] | null {
    const { loads, seed, wantedPageSlots } = this.#setting;
    const passes: Pass[] = [];
    for (const { floor, ofPass } of loads) {
      const pass = pool.play(ofPass(round), { floor, seed: seed + round, percent, wantedPageSlots });
      if (pass === null) return null;
      passes.push(pass);
    }
    return passes;
  }

  #sum({ slots, areas }: PoolShape, percent: number, made: readonly Pass[], rounds: number): TriedPool {
    const most = (of: 'mostUsed' | 'mostPageSlots') => made.reduce((largest, pass) => Math.max(largest, pass[of]), 0);
    const failingNs = made.reduce((sum, pass) => sum + pass.failingNs, 0);
    const { isFresh } = this.#setting;
    return {
      slots,
      bytes: slots * SLOT_SIZE,
      areas,
      percent,
      failures: rounds === 0 ? null : failureRate(made, rounds, isFresh),
      holdsFloor: rounds > 0,
      failingShare: this.#durationNs === 0 || rounds === 0 ? 0 : Math.min(1, failingNs / rounds / this.#durationNs),
      mostUsed: most('mostUsed'),
      mostPageSlots: most('mostPageSlots'),
      passes: rounds,
    };
  }
}
