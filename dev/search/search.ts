/**
 * Searches a range of seeds with several explorers at a time. In each explorer one thread runs and the others sleep, so
 * the host's CPUs are busy if there are as many explorers. What a seed finds does not depend on their number.
 * Owner: the thread that made it.
 */
import type { FixedChoices } from '../machine/explored-machine.js';
import type { Preemption } from '../schedule/schedule.js';
import { Explorer, type Run } from './explorer.js';

export interface SearchPlan {
  readonly fixed: FixedChoices;
  /** The first seed. */
  readonly from: number;
  /** Number of seeds. */
  readonly seeds: number;
  /** Number of explorers at a time. */
  readonly parallel: number;
  /** Number of failed machines that ends the search: more of them tend to show the same bug. */
  readonly maxFailures: number;
}

export interface SearchWatcher {
  /** Called for a failed run, with what `Explorer.shrink` returned, or with null if the search was stopped. */
  onFailure(run: Run, shortest: readonly Preemption[] | null): void;
  /** Called when a machine has ended. */
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

  /** The first seed that may not have been played to its end. */
  get resumeFrom(): number {
    return Math.min(this.#next, ...this.#running);
  }

  /** Resolves when every seed was played, enough have failed, or `signal` is aborted. Rejects when a thread dies. */
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
    const { from, seeds, maxFailures } = this.#plan;
    while (!signal.aborted && this.failed < maxFailures && this.#next < from + seeds) {
      const seed = this.#next++;
      this.#running.add(seed);
      const run = await explorer.run({ seed, preemptions: null });
      if (run.failure === null) this.passed++;
      else if (this.failed < maxFailures) {
        this.failed++;
        watcher.onFailure(run, signal.aborted ? null : await explorer.shrink(run));
      }
      this.#running.delete(seed);
      watcher.onSeed();
    }
  }
}
