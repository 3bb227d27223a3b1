/** Several runs of one call: the seed of each, how much time is left for all, and the document of those done. */
import { seedFor } from '../../random.js';
import type { ResultDocument } from '../result/result.js';
import { combineRuns } from './combine.js';

/** What a series needs of its settings. */
export interface SeriesSettings {
  readonly seed: number;
  /** How many runs there will be. */
  readonly count: number;
  /** Time of a run, milliseconds; null if it has none, because its number of rounds is fixed. */
  readonly budgetMs: number | null;
}

/** Returns the seed of a run, counted from 0. Another number of runs does not change it. */
export function seedOfRun(seed: number, run: number): number {
  return seedFor(seed, `run ${run}`);
}

/** Main thread only. */
export class RunSeries {
  readonly #settings: SeriesSettings;
  readonly #now: () => number;
  readonly #runs: ResultDocument[] = [];

  /** `now` returns milliseconds since the series was called for. */
  constructor(settings: SeriesSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** The complete runs, in their order. */
  get runs(): readonly ResultDocument[] {
    return this.#runs;
  }

  add(run: ResultDocument): void {
    this.#runs.push(run);
  }

  /** Milliseconds until the last run ends, where the present one takes `leftMs` more; null if that is not known. */
  leftMs(leftMs: number | null): number | null {
    const { count, budgetMs } = this.#settings;
    const done = this.#runs.length;
    const mean = done === 0 ? budgetMs : (this.#runs.reduce((sum, { seconds }) => sum + seconds, 0) / done) * 1000;
    return leftMs === null || mean === null ? null : leftMs + mean * Math.max(0, count - done - 1);
  }

  /** Returns the document of the complete runs. Needs at least one. */
  document(state: { complete: boolean; interrupted: boolean }): ResultDocument {
    const { seed, count } = this.#settings;
    return combineRuns(this.#runs, { seed, count, seconds: this.#now() / 1000, ...state });
  }
}
