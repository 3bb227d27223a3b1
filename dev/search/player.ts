/**
 * Plays the role of one thread in a machine whose CPUs take turns: steps it, waits when there is nothing to do, and
 * checks the invariants.
 */
import { assertBalanced } from '../../lib/machine/check/balance.js';
import { transmitsForNoSocket } from '../../lib/machine/check/in-flight-invariants.js';
import { AT_ANY_INSTANT, assertInvariants } from '../../lib/machine/check/invariants.js';
import type { Watched } from '../../lib/machine/check/watched.js';

import type { ExploredState } from '../machine/explored-state.js';
import type { Role } from '../machine/role.js';
import type { Points } from '../schedule/points.js';
import type { Turns } from '../schedule/turns.js';

/** Steps from one check of all invariants to the next: more than one, because a check takes longer than a step. */
const STEPS_BETWEEN_CHECKS = 8;

export interface PlayedMachine {
  readonly explored: ExploredState;
  /** The same machine over unwatched columns, for checks: these are no scheduling points and should be fast. */
  readonly checked: ExploredState;
  /** Id of the region that is its memory. */
  readonly ram: number;
  readonly threads: number;
}

export class Player {
  readonly #turns: Turns;
  readonly #points: Points;
  readonly #role: Role;
  readonly #explored: ExploredState;
  readonly #watched: Watched;
  readonly #threads: number;

  constructor(turns: Turns, points: Points, role: Role, { explored, checked, ram, threads }: PlayedMachine) {
    this.#turns = turns;
    this.#points = points;
    this.#role = role;
    this.#explored = explored;
    this.#watched = { system: checked.system, ram, heldPages: checked.heldPages };
    this.#threads = threads;
  }

  /** Sends, drains, and checks what is left. Throws what fails. */
  play(): void {
    const { system, sendersDone } = this.#explored;
    while (!this.#role.finished) this.#step();
    this.#within(() => this.#role.exitSenders());
    if (Atomics.add(sendersDone, 0, 1) === this.#threads - 1) system.cpus.drain();
    while (Atomics.load(sendersDone, 0) < this.#threads || !system.isDrained()) this.#step();
    if (this.#turns.isLast) this.#points.aside(() => this.#assertAtEnd());
  }

  /** Checks the invariants that hold at any instant. */
  checkInstant(): void {
    this.#points.aside(() => assertInvariants(this.#watched, AT_ANY_INSTANT));
  }

  #step(): void {
    let progress = false;
    this.#within(() => {
      progress = this.#role.step();
      if (progress) this.#turns.stallDetector.progressed();
    });
    if (!progress) this.#turns.wait();
    this.#role.cpu.clock(); // the next step uses the time of the last reading
  }

  /**
   * Makes a step. Afterwards checks all invariants, if no CPU is within a step any more and at least
   * `STEPS_BETWEEN_CHECKS` steps made progress since the last check.
   */
  #within(step: () => void): void {
    this.#turns.stallDetector.enterStep();
    step();
    transmitsForNoSocket(this.#role.cpu);
    for (const { socket, heldPage } of this.#role.senders) this.#explored.heldPages[socket] = heldPage;
    const { stallDetector } = this.#turns;
    if (!stallDetector.leaveStep() || !stallDetector.hasProgressed(STEPS_BETWEEN_CHECKS)) return;
    this.#points.aside(() => assertInvariants(this.#watched));
  }

  #assertAtEnd(): void {
    assertBalanced(this.#watched.system);
    assertInvariants(this.#watched);
  }
}
