/**
 * Plays machines whose threads run freely, as fast as the host lets them, with the device oracle on. While they run,
 * the invariants of an area are checked under its lock. Every invariant is checked whenever all threads pause. At the
 * end, everything must balance.
 * Owner: the thread that made it; one machine at a time.
 */

import { designOf } from '../../lib/designs/designs.js';
import { designModules } from '../../lib/designs/own-designs.js';
import { CopytaxError } from '../../lib/errors.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { type MachineConfig, type MachineOptions, machineConfig } from '../../lib/machine/build/config.js';
import { causeOf } from '../../lib/machine/run/machine-threads.js';
import { isStall } from '../../lib/machine/run/stalls.js';
import { BLOCK_BYTES } from '../../lib/owner/owner-blocks.js';
import { Arena } from '../../lib/smp/arena.js';
import { startThread } from '../../lib/threads.js';
import { type ExploredMachine, exploredMachine, type FixedChoices, threadsOf } from '../machine/explored-machine.js';
import { type Failure, failureOf } from '../machine/failure.js';
import { Crew } from '../search/crew.js';
import { StressedState, type StressRequest, type StressThreadData } from './stress-worker.js';

const WORKER = new URL('./stress-worker.js', import.meta.url);
/** Seconds without a delivered byte after which the machine is taken to be stalled. */
const SILENCE_SECONDS = 20;
/** Interval of a timer. If it is late by LATE_MS, the host has stopped this process. */
const TICK_MS = 200;
const LATE_MS = 3000;
/** Times that a machine is played again because the host seems to have stopped it. */
const MAX_REPEATS = 3;
/** All send buffers together take at most one part in BUFFER_PARTS of the slot pool. */
const BUFFER_PARTS = 8;

export interface StressRun {
  readonly seed: number;
  readonly machine: ExploredMachine;
  readonly failure: Failure | null;
  /** Number of packets that a device has read and checked. */
  readonly packets: number;
  /** Number of pauses, in each of which every invariant was checked. */
  readonly pauses: number;
}

export class Stress {
  readonly #fixed: FixedChoices;
  readonly #crew: Crew<StressRequest>;

  /** `preload` is a module that the threads import first. */
  constructor(fixed: FixedChoices = {}, preload: URL | null = null) {
    this.#fixed = fixed;
    this.#crew = new Crew((thread) => {
      const workerData: StressThreadData = {
        thread,
        preload: preload?.href ?? null,
        designModules: designModules(),
      };
      return startThread(WORKER, { workerData });
    });
  }

  /** Plays the machine of a seed for `ms`, or until `signal` is aborted, and drains it. Rejects when a thread dies. */
  async run(seed: number, ms: number, signal?: AbortSignal): Promise<StressRun> {
    const machine = stressedMachine(seed, this.#fixed);
    for (let repeats = 0; ; repeats++) {
      const { run, wasHeldUp } = await this.#play(seed, machine, ms, signal);
      // A thread that waits for ten seconds reports a stall, even if the host stopped the whole process for that time.
      if (!isStall(run.failure?.code) || !wasHeldUp || repeats === MAX_REPEATS) return run;
    }
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await this.#crew.close();
  }

  async #play(seed: number, machine: ExploredMachine, ms: number, signal?: AbortSignal) {
    const threads = threadsOf(machine);
    const ram = this.#crew.memoryFor(machine.config);
    const arena = Arena.for((counting) => new StressedState(counting, machine));
    const stressed = new StressedState(arena, machine);
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
      const { failures, isSilent } = await this.#crew.play(
        request,
        threads,
        () => system.bytesMoved(),
        SILENCE_SECONDS,
      );
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
 * Returns the machine that the explorer makes from a seed, with two changes: if `fixed` names no flavour, the seed
 * chooses it; and the machine sends and is disturbed until it is told to drain. If the seed chose `faithful`, its known
 * defects are avoided.
 */
export function stressedMachine(seed: number, fixed: FixedChoices = {}): ExploredMachine {
  const flavour = fixed.flavour ?? FLAVOURS[seed % FLAVOURS.length]!;
  const machine = exploredMachine(seed, { ...fixed, flavour });
  const avoidsDefects = flavour === 'faithful' && fixed.flavour === undefined;
  const endless = { sockets: { messagesPerSender: Infinity } };
  const config = machineConfig(machine.config, endless, avoidsDefects ? harmless(machine.config) : {});
  const disturbance = machine.disturbance && { ...machine.disturbance, times: Infinity, sparesDevices: avoidsDefects };
  return { ...machine, config, disturbance };
}

/**
 * Avoids private payload, and send buffers and owners that fill the slot pool, so that no transient pool is needed:
 * findings F13, F2 and F4 of docs/findings.md.
 */
function harmless({ design, sockets, slotPool, owners }: MachineConfig): MachineOptions {
  const limit = harmlessSendBuffer(slotPool.bytes, sockets.senders);
  const buffers = Math.min(owners.buffers, harmlessOwnerBuffers(slotPool.bytes, sockets.senders));
  return {
    sockets: { privateSenders: 0, sendBufferBytes: Math.min(sockets.sendBufferBytes, limit) },
    ...(designOf(design).options?.includes('owners') ? { owners: { buffers } } : {}),
  };
}

/**
 * Returns the largest send buffer, in bytes, with which the senders cannot fill the slot pool: in `faithful`, a full
 * slot pool has no slot left for headers.
 */
export function harmlessSendBuffer(slotPoolBytes: number, senders: number): number {
  return Math.floor(slotPoolBytes / (BUFFER_PARTS * senders));
}

/** Returns the largest number of buffers that owners may take at once, so that those of all senders fit likewise. */
export function harmlessOwnerBuffers(slotPoolBytes: number, senders: number): number {
  return Math.max(1, Math.floor(harmlessSendBuffer(slotPoolBytes, senders) / BLOCK_BYTES));
}

function stalled(): Failure {
  return failureOf(0, new CopytaxError('ERR_NO_PROGRESS', `no byte was delivered for ${SILENCE_SECONDS} s`));
}
