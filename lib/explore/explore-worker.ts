/**
 * The thread of a CPU that takes turns: makes points of its atomic operations, and plays one machine after the other.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { DescriptorRing } from '../dma/descriptor-ring.js';
import { Dma } from '../dma/map.js';
import type { CpuRunner } from '../host/cpu-runner.js';
import { AT_ANY_INSTANT, assertInvariants, type Watched } from '../host/invariants.js';
import { System } from '../host/system.js';
import { Region } from '../memory/region.js';
import { PeerTable } from '../net/peer.js';
import { SkbTable } from '../net/skb.js';
import { SocketTable } from '../net/socket.js';
import { TxQueue } from '../net/tx-queue.js';
import { PageTable } from '../page/page-table.js';
import { Arena } from '../smp/arena.js';
import { CpuTable } from '../smp/cpu.js';
import { Areas } from '../swiotlb/area.js';
import { SlotTable } from '../swiotlb/slot-table.js';
import type { ExploredMachine } from './explored-machine.js';
import { Points } from './points.js';
import { Stopped, Turns, type TurnsConfig } from './turns.js';

/** What the thread is made with. */
export interface ExploreThreadData {
  readonly cpu: number;
  readonly turns: SharedArrayBuffer;
  /** A module to import before anything becomes a point: for tests, which plant bugs. */
  readonly preload: string | null;
}

export interface ExploreRequest {
  readonly machine: ExploredMachine;
  readonly turns: TurnsConfig;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
}

/** How a machine failed. */
export interface Failure {
  readonly cpu: number;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  /** The invariant that was broken, or ''. */
  readonly invariant: string;
}

/** Null: this CPU has not failed, though another one may have. */
export type ExploreReply = { readonly failure: Failure | null };

/** What all CPUs of an explored machine share, in the order in which every thread takes it. */
export class Explored {
  readonly system: System;
  /** Of each sender: the page that it holds. */
  readonly heldPages: Int32Array;
  /** Word 0: CPUs whose senders are done. */
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

const TABLES = [
  ...[DescriptorRing, Dma, PeerTable, SkbTable, SocketTable, TxQueue],
  ...[PageTable, CpuTable, Areas, SlotTable],
];

/** From one look at everything to the next; a few, because it takes longer than a step. */
const STEPS_BETWEEN_LOOKS = 8;

/** One CPU's part in one machine. */
class Play {
  readonly #turns: Turns;
  readonly #points: Points;
  readonly #runner: CpuRunner;
  readonly #explored: Explored;
  readonly #watched: Watched;
  readonly #threads: number;

  constructor(turns: Turns, points: Points, runner: CpuRunner, explored: Explored, ram: number, threads: number) {
    this.#turns = turns;
    this.#points = points;
    this.#runner = runner;
    this.#explored = explored;
    this.#watched = { system: explored.system, ram, heldPages: explored.heldPages };
    this.#threads = threads;
  }

  /** Sends, drains, and looks at what is left. */
  run(): void {
    const { system, stopped } = this.#explored;
    while (!this.#runner.finished) this.#step();
    this.#within(() => this.#runner.exitSenders());
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
      progress = this.#runner.step();
      if (progress) this.#turns.progressed();
    });
    if (!progress) this.#turns.wait();
    this.#runner.cpu.clock(); // who looks at the time does not read the clock
  }

  /** One step; where that leaves no CPU within one, it is time for a look at everything. */
  #within(step: () => void): void {
    this.#turns.enterStep();
    step();
    for (const sender of this.#runner.senders) this.#explored.heldPages[sender.socket] = sender.heldPage;
    if (this.#turns.leaveStep() && this.#turns.hasChanged(STEPS_BETWEEN_LOOKS))
      this.#points.aside(() => assertInvariants(this.#watched));
  }

  #assertAtEnd(): void {
    this.#explored.system.assertBalanced();
    assertInvariants(this.#watched);
  }
}

if (parentPort !== null) await serve(parentPort, workerData as ExploreThreadData);

async function serve(port: NonNullable<typeof parentPort>, { cpu, turns: words, preload }: ExploreThreadData) {
  let ram: Region | null = null;
  const turns = new Turns(words);
  const points = new Points(turns);
  if (preload !== null) await import(preload);
  points.install(TABLES);
  port.on('message', (request: ExploreRequest) => {
    const { machine } = request;
    let failure: Failure | null = null;
    turns.arrive(cpu, request.turns);
    try {
      if (ram?.id !== request.ram) {
        ram?.close();
        ram = null;
        ram = Region.attach(request.ram);
      }
      points.resetClock();
      const explored = new Explored(Arena.over(request.arena), machine);
      const runner = explored.system.runner(cpu, ram);
      const play = new Play(turns, points, runner, explored, ram.id, request.turns.threads);
      turns.look(machine.lookEvery, () => play.lookAtInstant());
      points.fine = machine.fine;
      points.active = true;
      play.run();
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) failure = failureOf(cpu, thrown);
    }
    points.active = false;
    if (failure !== null) turns.stop();
    turns.leave();
    port.postMessage({ failure } satisfies ExploreReply);
  });
}

function failureOf(cpu: number, thrown: unknown): Failure {
  const { name, code, message, stack, details } = thrown as Error & { code?: string; details?: { invariant?: string } };
  return { cpu, code: code ?? name, message, stack: stack ?? '', invariant: details?.invariant ?? '' };
}
