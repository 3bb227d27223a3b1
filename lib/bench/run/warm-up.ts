/**
 * Decides when measuring may begin: once no cell gets better any more. Code that runs for the first time has not been
 * compiled, and the compiler of the engine competes with it for the same CPUs. On a small host that may take seconds,
 * and without a warm-up the first rounds would measure it.
 */
import type { Cell } from '../plan/scenario.js';

/** What the warm-up needs of a cell. */
export type Warmed = Pick<Cell, 'id' | 'higherIsBetter'>;

/** A cell gets better if its value exceeds its best one by this factor. */
const BETTER = 1.05;
/** Number of consecutive rounds without improvement that end the warm-up. */
const STEADY_ROUNDS = 3;

export class WarmUp {
  readonly #best = new Map<string, number>();
  #steadyRounds = 0;
  #improved = false;

  /** Adds a sample of the current round, in the unit of its cell. */
  add({ id, higherIsBetter }: Warmed, value: number): void {
    const best = this.#best.get(id);
    if (best !== undefined && (higherIsBetter ? value <= best * BETTER : value * BETTER >= best)) return;
    this.#best.set(id, value);
    this.#improved = true;
  }

  endRound(): void {
    this.#steadyRounds = this.#improved ? 0 : this.#steadyRounds + 1;
    this.#improved = false;
  }

  get isSteady(): boolean {
    return this.#steadyRounds >= STEADY_ROUNDS;
  }
}
