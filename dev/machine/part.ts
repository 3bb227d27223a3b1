/**
 * What each thread of a machine that is tried does: the part of a CPU, of the work in the background, or of what
 * disturbs. And what they all share.
 */
import type { GrowthWork } from '../../lib/machine/build/growth.js';
import { cpuThreads, hasWorker } from '../../lib/machine/build/sizing.js';
import { type Ram, System } from '../../lib/machine/build/system.js';
import type { Arena } from '../../lib/smp/arena.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { Disturber } from './disturber.js';
import type { ExploredMachine } from './explored-machine.js';

/** What a `CpuRunner` is to its thread. */
export interface Part {
  readonly cpu: Cpu;
  readonly senders: readonly { readonly socket: number; readonly heldPage: number }[];
  readonly finished: boolean;
  /** False when there was nothing to do. */
  step(): boolean;
  exitSenders(): void;
}

/** The first threads are CPUs; behind them come the work in the background and what disturbs. */
export function partOf(thread: number, system: System, { config, disturbance }: ExploredMachine, ram: Ram): Part {
  const cpus = cpuThreads(config);
  if (thread < cpus) return system.runner(thread, ram);
  if (thread === cpus && hasWorker(config)) return backgroundPart(system.growthWork()!);
  return new Disturber(system, disturbance!);
}

/** Work in the background sends nothing, and is there to the end. */
function backgroundPart(work: GrowthWork): Part {
  return { cpu: work.cpu, senders: [], finished: true, step: () => work.step(), exitSenders: () => {} };
}

/** What all threads of an explored machine share, in the order in which every thread takes it. */
export class Explored {
  readonly system: System;
  /** Of each sender: the page that it holds. */
  readonly heldPages: Int32Array;
  /** Word 0: threads whose senders are done. */
  readonly stopped: Int32Array;

  constructor(arena: Arena, machine: ExploredMachine) {
    this.system = new System(arena, machine.config);
    this.heldPages = arena.int32(machine.config.senders);
    this.stopped = arena.int32(1);
  }

  reset(): void {
    this.system.reset();
    this.heldPages.fill(-1);
    this.stopped.fill(0);
  }
}
