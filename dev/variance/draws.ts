/**
 * What the experiment does next, by chance: which process is asked, and what is renewed in it first. Drawn
 * independently of each other and of time, so that no component of the variance goes with another one. Pure.
 */
import { type Random, randomInt, shuffled } from '../../lib/random.js';

/** Chance that the next turn is of the same process: pairs of turns within a second tell noise from the rest. */
const STAYS = 0.5;
/** Chances that a turn begins with fresh memory, or with fresh threads, which take seconds to warm up. */
const RENEWS_MEMORY = 0.4;
const RENEWS_THREADS = 0.08;
/** Chance that the process of the turn is replaced by one that has just started. */
const RENEWS_PROCESS = 0.02;
/** Samples of a copy in a turn: they take less than a millisecond each. */
const COPIES = 3;

export interface TurnRequest {
  readonly renewsMemory: boolean;
  readonly renewsThreads: boolean;
  /** Indices of cells, in the order in which they are sampled. */
  readonly cells: readonly number[];
}

export interface Draw extends TurnRequest {
  /** Index of the process among those that are alive. */
  readonly slot: number;
  readonly renewsProcess: boolean;
}

/** Draws turns. `alive`: number of processes at a time; `kinds`: those of the cells, by index. */
export class Draws {
  readonly #next: Random;
  readonly #alive: number;
  readonly #cells: readonly number[];
  #slot: number;

  constructor(next: Random, alive: number, kinds: readonly ('design' | 'copy')[]) {
    this.#next = next;
    this.#alive = alive;
    this.#cells = kinds.flatMap((kind, cell) => Array<number>(kind === 'copy' ? COPIES : 1).fill(cell));
    this.#slot = randomInt(next, alive);
  }

  draw(): Draw {
    const next = this.#next;
    if (next() >= STAYS) this.#slot = randomInt(next, this.#alive);
    const renewsProcess = next() < RENEWS_PROCESS;
    const renewsMemory = next() < RENEWS_MEMORY;
    const renewsThreads = next() < RENEWS_THREADS;
    return {
      slot: this.#slot,
      renewsProcess,
      // A process that has just started has fresh ones.
      renewsMemory: renewsMemory && !renewsProcess,
      renewsThreads: renewsThreads && !renewsProcess,
      cells: shuffled(this.#cells, next),
    };
  }
}
