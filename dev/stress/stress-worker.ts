/**
 * A thread of a machine under stress: it steps its role as fast as it can, among others that do the same, and checks
 * what can be checked meanwhile. Everything else is checked in pauses.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOfDesign, loadDesigns } from '../../lib/designs/own-designs.js';
import { assertAreas } from '../../lib/machine/check/area-invariants.js';
import { assertBalanced } from '../../lib/machine/check/balance.js';
import { transmitsForNoSocket } from '../../lib/machine/check/in-flight-invariants.js';
import { assertInvariants } from '../../lib/machine/check/invariants.js';

import { AttachedRam } from '../../lib/machine/run/attached-ram.js';
import { Arena } from '../../lib/smp/arena.js';
import { type ExploredMachine, threadsOf } from '../machine/explored-machine.js';
import { ExploredState, roleOf } from '../machine/explored-state.js';
import { type Failure, failureOf } from '../machine/failure.js';
import type { Role } from '../machine/role.js';
import type { CrewReply } from '../search/crew.js';
import { Pauses } from './pauses.js';

/**
 * Steps from one check of the areas to the next, and time between pauses: enough to spend most of the time on stress.
 */
const STEPS_BETWEEN_CHECKS = 32;
const NS_BETWEEN_PAUSES = 3e6;

/** The worker data of the thread. */
export interface StressThreadData {
  readonly thread: number;
  /** A module to import first, or null. Tests plant bugs with it. */
  readonly preload: string | null;
  /** Modules that add designs. */
  readonly designModules: readonly string[];
}

export interface StressRequest {
  readonly machine: ExploredMachine;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
}

/** What all threads of a machine share. Every thread takes it from the arena in the same order. */
export class StressedState extends ExploredState {
  readonly pauses: Pauses;

  constructor(arena: Arena, machine: ExploredMachine) {
    super(arena, machine);
    this.pauses = new Pauses(arena, threadsOf(machine));
  }

  override reset(): void {
    super.reset();
    this.pauses.reset();
  }
}

if (parentPort !== null) await serve(parentPort, workerData as StressThreadData);

async function serve(port: NonNullable<typeof parentPort>, { thread, preload, designModules }: StressThreadData) {
  const attached = new AttachedRam();
  if (preload !== null) await import(preload);
  await loadDesigns(designModules);
  port.on('message', (request: StressRequest) => {
    const { machine } = request;
    const stressed = new StressedState(Arena.over(request.arena), machine);
    let failure: Failure | null = null;
    try {
      const ram = attached.attach(request.ram);
      play(thread, roleOf(thread, stressed.system, machine, ram), stressed, machine, ram.id);
    } catch (thrown) {
      stressed.system.cpus.abort(); // no other thread should wait for this one
      failure = failureOf(thread, failureOfDesign(machine.config.design, thrown));
    }
    port.postMessage({ failure } satisfies CrewReply);
  });
}

/** Steps a role: sends until the machine drains, and goes on until a pause is the last one. Throws what fails. */
function play(thread: number, role: Role, stressed: StressedState, machine: ExploredMachine, ram: number): void {
  const { system, heldPages, sendersDone, pauses } = stressed;
  const { cpus } = system;
  const threads = threadsOf(machine);
  const watched = { system, ram, heldPages };
  const hasEnded = () => Atomics.load(sendersDone, 0) === threads && system.isDrained();
  const check = () => {
    assertInvariants(watched);
    if (!hasEnded()) return;
    assertBalanced(system);
    assertInvariants(watched);
    pauses.end();
  };
  const isGivenUp = () => cpus.isAborted();
  let hasStopped = false;
  let pauseAt = 0;
  for (let step = 1; !pauses.isOver && !isGivenUp(); step++) {
    const progress = role.step();
    if (cpus.isDraining() && !hasStopped) {
      role.exitSenders();
      Atomics.add(sendersDone, 0, 1);
      hasStopped = true;
    }
    transmitsForNoSocket(role.cpu);
    for (const { socket, heldPage } of role.senders) heldPages[socket] = heldPage;
    if (!progress) role.cpu.list.relax(0);
    const now = role.cpu.clock();
    if (step % STEPS_BETWEEN_CHECKS === 0) assertAreas(system, role.cpu);
    if (thread === 0 && (now >= pauseAt || hasEnded())) {
      pauses.request();
      pauseAt = now + NS_BETWEEN_PAUSES;
    }
    pauses.pass(check, isGivenUp);
  }
}
