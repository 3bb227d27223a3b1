/**
 * Searches a range of seeds with several explorers at a time: in each of them one thread runs and the others sleep, so
 * that a host's CPUs are busy when there are as many. What a seed finds does not depend on how many there are.
 * Owner: the thread that made it.
 */
import type { Fixed } from '../machine/explored-machine.js';
import type { Preemption } from '../schedule/schedule.js';
import { Explorer, type Run } from './explorer.js';

export interface SearchPlan {
  readonly fixed: Fixed;
  /** The first seed, and how many. */
  readonly from: number;
  readonly seeds: number;
  /** Explorers at a time. */
  readonly parallel: number;
  /** Ends when so many machines have failed: more of the same bug are no news. */
  readonly mostFailures: number;
}

export interface SearchWatcher {
  /** A failed run, with what `Explorer.shrink` made of it; null, too, when the search was stopped. */
  onFailure(run: Run, shortest: readonly Preemption[] | null): void;
  /** A machine has ended. */
  onSeed(): void;
}

export class Search {
  readonly #plan: SearchPlan;
  readonly #running = new Set<number>();
  #next: number;
  passed = 0;
  failed = 0;

  constructor(plan: SearchPlan) {
    this.#plan = plan;
    this.#next = plan.from;
  }

  /** All seeds before this one have been played to their end. */
  get resumeFrom(): number {
    return Math.min(this.#next, ...this.#running);
  }

  /** Resolves when every seed was played, enough have failed, or `signal` says so. Rejects when a thread dies. */
  async run(watcher: SearchWatcher, signal: AbortSignal): Promise<void> {
    const { parallel, seeds, fixed } = this.#plan;
    const explorers = Array.from({ length: Math.min(parallel, seeds) }, () => new Explorer(fixed));
    try {
      await Promise.all(explorers.map((explorer) => this.#explore(explorer, watcher, signal)));
    } finally {
      await Promise.all(explorers.map((explorer) => explorer.close()));
    }
  }

  async #explore(explorer: Explorer, watcher: SearchWatcher, signal: AbortSignal): Promise<void> {
    const { from, seeds, mostFailures } = this.#plan;
    while (!signal.aborted && this.failed < mostFailures && this.#next < from + seeds) {
      const seed = this.#next++;
      this.#running.add(seed);
      const run = await explorer.run({ seed, preemptions: null });
      if (run.failure === null) this.passed++;
      else if (this.failed < mostFailures) {
        this.failed++;
        watcher.onFailure(run, signal.aborted ? null : await explorer.shrink(run));
      }
      this.#running.delete(seed);
      watcher.onSeed();
    }
  }
}
