/** What the threads of an explored machine share, and the role of each of them. */

import { assembleCpu } from '../../lib/machine/build/assemble-cpu.js';
import type { GrowthWork } from '../../lib/machine/build/growth.js';
import type { Ram } from '../../lib/machine/build/ram.js';
import { cpuThreads, hasWorker } from '../../lib/machine/build/sizing.js';
import { System } from '../../lib/machine/build/system.js';
import type { Arena } from '../../lib/smp/arena.js';
import { Disturber } from './disturber.js';
import type { ExploredMachine } from './explored-machine.js';
import type { Role } from './role.js';

/** The role of a thread: the first threads are CPUs; the background worker and the disturber follow. */
export function roleOf(thread: number, system: System, { config, disturbance }: ExploredMachine, ram: Ram): Role {
  const cpus = cpuThreads(config);
  if (thread < cpus) return assembleCpu(system, thread, ram);
  if (thread === cpus && hasWorker(config)) return backgroundRole(system.growthWork()!);
  return new Disturber(system, disturbance!);
}

/** The background worker sends nothing, and steps until the machine ends. */
function backgroundRole(work: GrowthWork): Role {
  return { cpu: work.cpu, senders: [], finished: true, step: () => work.step(), exitSenders: () => {} };
}

/** What all threads of an explored machine share. Every thread takes it from the arena in the same order. */
export class ExploredState {
  readonly system: System;
  /** The page that each sender holds. */
  readonly heldPages: Int32Array;
  /** Word 0: the number of threads whose senders are done. */
  readonly sendersDone: Int32Array;

  constructor(arena: Arena, machine: ExploredMachine) {
    this.system = new System(arena, machine.config);
    this.heldPages = arena.int32(machine.config.sockets.senders);
    this.sendersDone = arena.int32(1);
  }

  reset(): void {
    this.system.reset();
    this.heldPages.fill(-1);
    this.sendersDone.fill(0);
  }
}
