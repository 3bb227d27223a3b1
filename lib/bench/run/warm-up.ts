/**
 * When to begin measuring: once no cell gets better any more. What runs first has not been compiled by the engine, whose
 * compiler competes with it for the same CPUs: on a small host that may take seconds, and rounds of it would be measured.
 */
import type { Cell } from '../plan/scenario.js';

/** What there is to know of what is measured: its name, and what is better. */
export type Warmed = Pick<Cell, 'id' | 'higherIsBetter'>;

/** A cell that has never been better by so much is getting better. */
const BETTER = 1.05;
/** Rounds without that, one after the other, that end the warm-up. */
const STEADY_ROUNDS = 3;

export class WarmUp {
  readonly #best = new Map<string, number>();
  #steadyRounds = 0;
  #improved = false;

  /** A sample of the round at hand, in the unit of its cell. */
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
