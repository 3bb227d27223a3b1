/**
 * Stress: machines whose threads run freely, as fast as the host lets them, with the device oracle on. What holds of an
 * area under its lock is looked at while they run; every invariant, whenever all stand still between two steps; that
 * everything balances, at the end.
 * Owner: the thread that made it; one machine at a time.
 */
import { Worker } from 'node:worker_threads';
import { CopytaxError } from '../../lib/errors.js';
import { FLAVOURS } from '../../lib/flavour.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { Arena } from '../../lib/smp/arena.js';
import { type ExploredMachine, exploredMachine, type Fixed, threadsOf } from '../machine/explored-machine.js';
import { type Failure, failureOf } from '../machine/failure.js';
import { Crew } from '../search/crew.js';
import { Stressed, type StressRequest, type StressThreadData } from './stress-worker.js';

const WORKER = new URL('./stress-worker.js', import.meta.url);
/** No byte has got anywhere for so many seconds: none ever will. */
const MOST_LOOKS = 20;
/** The host's clock is looked at so often; when it is late by so much, the host has not let this process run. */
const TICK_MS = 200;
const LATE_MS = 3000;
/** So many machines in a row that the host stopped, and it is not the host. */
const MOST_AGAIN = 3;
/** Of the pool, all windows together have one part of so many. */
const PARTS = 8;

export interface StressRun {
  readonly seed: number;
  readonly machine: ExploredMachine;
  readonly failure: Failure | null;
  /** That a device has read and checked. */
  readonly packets: number;
  /** In which every invariant was looked at. */
  readonly pauses: number;
}

export class Stress {
  readonly #fixed: Fixed;
  readonly #crew: Crew<StressRequest>;

  /** `preload`: a module that the threads import first. */
  constructor(fixed: Fixed = {}, preload: URL | null = null) {
    this.#fixed = fixed;
    this.#crew = new Crew((thread) => {
      const workerData: StressThreadData = { thread, preload: preload?.href ?? null };
      return new Worker(WORKER, { execArgv: [], workerData });
    });
  }

  /** Plays the machine of a seed for `ms`, or until `signal` says so, and drains it. Rejects when a thread dies. */
  async run(seed: number, ms: number, signal?: AbortSignal): Promise<StressRun> {
    const machine = stressedMachine(seed, this.#fixed);
    for (let again = 0; ; again++) {
      const { run, wasHeldUp } = await this.#play(seed, machine, ms, signal);
      // Who waits for ten seconds says so, though it was the host that stood still.
      if (run.failure?.code !== 'ERR_STALLED' || !wasHeldUp || again === MOST_AGAIN) return run;
    }
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await this.#crew.close();
  }

  async #play(seed: number, machine: ExploredMachine, ms: number, signal?: AbortSignal) {
    const threads = threadsOf(machine);
    const ram = this.#crew.memoryFor(machine.config);
    const arena = Arena.for((counting) => new Stressed(counting, machine));
    const stressed = new Stressed(arena, machine);
    stressed.reset();
    const { system, pauses } = stressed;
    const drain = () => system.cpus.drain();
    const timer = setTimeout(drain, ms);
    signal?.addEventListener('abort', drain);
    if (signal?.aborted) drain();
    let lastTick = performance.now();
    let wasHeldUp = false;
    const ticks = setInterval(() => {
      const now = performance.now();
      wasHeldUp ||= now - lastTick > LATE_MS;
      lastTick = now;
    }, TICK_MS);
    try {
      const request = { machine, arena: arena.buffer!, ram: ram.id };
      const { failures, isSilent } = await this.#crew.play(request, threads, () => system.bytesMoved(), MOST_LOOKS);
      wasHeldUp ||= performance.now() - lastTick > LATE_MS;
      const packets = system.queues.reduce((sum, queue) => sum + queue.counter('packets'), 0);
      const failure = causeOf(failures) ?? (isSilent ? stalled() : null);
      return { run: { seed, machine, failure, packets, pauses: pauses.count }, wasHeldUp };
    } finally {
      clearTimeout(timer);
      clearInterval(ticks);
      signal?.removeEventListener('abort', drain);
    }
  }
}

/**
 * The machine that a seed stands for in turns, but of either flavour, and it sends and is disturbed until it is told to
 * drain. Where nobody asked for the `faithful` flavour, what it is known to do wrong does not come up.
 */
export function stressedMachine(seed: number, fixed: Fixed = {}): ExploredMachine {
  const flavour = fixed.flavour ?? FLAVOURS[seed % FLAVOURS.length]!;
  const machine = exploredMachine(seed, { ...fixed, flavour });
  const isDefect = flavour === 'faithful' && fixed.flavour === undefined;
  const config = { ...machine.config, messagesPerSender: Infinity, ...(isDefect ? harmless(machine.config) : {}) };
  const disturbance = machine.disturbance && { ...machine.disturbance, times: Infinity, sparesDevices: isDefect };
  return { ...machine, config, disturbance };
}

/** Nothing is private (F13), and windows leave most of the pool to others (F2), so that no transient one is needed (F4). */
function harmless(config: MachineConfig): Partial<MachineConfig> {
  return { privateSenders: 0, window: Math.min(config.window, harmlessWindow(config)) };
}

/** The largest that fills no pool, bytes: as posted, who fills it has no slot left for headers. */
export function harmlessWindow({ pool, senders }: Pick<MachineConfig, 'pool' | 'senders'>): number {
  return Math.floor(pool / (PARTS * senders));
}

/** When one fails, others may wait for it in vain: that is not the cause. */
function causeOf(failures: readonly Failure[]): Failure | undefined {
  return failures.find(({ code }) => code !== 'ERR_STALLED') ?? failures[0];
}

function stalled(): Failure {
  return failureOf(0, new CopytaxError('ERR_STALLED', `no byte has got anywhere for ${MOST_LOOKS} s`));
}
