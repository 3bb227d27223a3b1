/**
 * Plays the role of one thread in a machine whose CPUs take turns: steps it, waits when there is nothing to do, and
 * checks the invariants.
 */
import { assertBalanced } from '../../lib/machine/check/balance.js';
import { teachesNobody } from '../../lib/machine/check/in-flight-invariants.js';
import { AT_ANY_INSTANT, assertInvariants, type Watched } from '../../lib/machine/check/invariants.js';
import type { Explored } from '../machine/explored.js';
import type { Role } from '../machine/role.js';
import type { Points } from '../schedule/points.js';
import type { Turns } from '../schedule/turns.js';

/** From one look at everything to the next; a few, because it takes longer than a step. */
const STEPS_BETWEEN_LOOKS = 8;

/** One machine, twice: as it is played, and as it is looked at, which should be no point and take no time. */
export interface Views {
  readonly explored: Explored;
  readonly looked: Explored;
}

export class Player {
  readonly #turns: Turns;
  readonly #points: Points;
  readonly #role: Role;
  readonly #explored: Explored;
  readonly #watched: Watched;
  readonly #threads: number;

  constructor(turns: Turns, points: Points, role: Role, { explored, looked }: Views, ram: number, threads: number) {
    this.#turns = turns;
    this.#points = points;
    this.#role = role;
    this.#explored = explored;
    this.#watched = { system: looked.system, ram, heldPages: looked.heldPages };
    this.#threads = threads;
  }

  /** Sends, drains, and looks at what is left. Throws what fails. */
  play(): void {
    const { system, stopped } = this.#explored;
    while (!this.#role.finished) this.#step();
    this.#within(() => this.#role.exitSenders());
    if (Atomics.add(stopped, 0, 1) === this.#threads - 1) system.cpus.drain();
    while (Atomics.load(stopped, 0) < this.#threads || !system.isDrained()) this.#step();
    if (this.#turns.isLast) this.#points.aside(() => this.#assertAtEnd());
  }

  lookAtInstant(): void {
    this.#points.aside(() => assertInvariants(this.#watched, AT_ANY_INSTANT));
  }

  #step(): void {
    let progress = false;
    this.#within(() => {
      progress = this.#role.step();
      if (progress) this.#turns.headway.done();
    });
    if (!progress) this.#turns.wait();
    this.#role.cpu.clock(); // who looks at the time does not read the clock
  }

  /** One step; where that leaves no CPU within one, it is time for a look at everything. */
  #within(step: () => void): void {
    this.#turns.headway.enterStep();
    step();
    teachesNobody(this.#role.cpu);
    for (const { socket, heldPage } of this.#role.senders) this.#explored.heldPages[socket] = heldPage;
    const { headway } = this.#turns;
    if (!headway.leaveStep() || !headway.hasChanged(STEPS_BETWEEN_LOOKS)) return;
    this.#points.aside(() => assertInvariants(this.#watched));
  }

  #assertAtEnd(): void {
    assertBalanced(this.#watched.system);
    assertInvariants(this.#watched);
  }
}
