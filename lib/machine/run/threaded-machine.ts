/**
 * Runs machines whose logical CPUs are pinned threads, with one region as memory.
 * Owner: the thread that made it; one trial at a time. Threads and memory are kept between trials, and keep the process
 * alive only during one.
 */

import { designModules, failureOfDesign } from '../../designs/own-designs.js';
import { CopytaxError } from '../../errors.js';
import { checkOptions, outOfRange, shown, within } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { requireSignal } from '../../memory/region-spec.js';
import { Arena } from '../../smp/arena.js';
import { type MachineConfig, requireConfig, requirePagePercent } from '../build/config.js';
import { cpuThreads, hasWorker } from '../build/sizing.js';
import type { System } from '../build/system.js';
import { assertBalanced } from '../check/balance.js';
import { assertInvariants } from '../check/invariants.js';
import { MachineThreads } from './machine-threads.js';
import { PeriodicLooks } from './memory-looks.js';
import { RamHolder } from './ram-holder.js';
import { isStall } from './stalls.js';
import { requirePlan, type TrialPlan } from './trial.js';
import { sharedState } from './trial-request.js';
import { type TxTrial, txTrial } from './tx-trial.js';

const REGION_ALIGN = 2 << 20; // a huge page
const MAX_HOST_CPU = 8191; // kMaxCpus of native/cpu/thread.h

/** Runs machines whose logical CPUs are pinned threads. Owner: the thread that made it, which has to close it. */
export class ThreadedMachine {
  readonly #threads: MachineThreads;
  readonly #ram = new RamHolder({ align: REGION_ALIGN, lock: 'try', hugePages: 'thp' });
  /** The tables of the machine that runs, or null. */
  #running: System | null = null;
  /** What the machine does between two trials, such as 'renews its memory', or null. */
  #busy: string | null = null;
  #closed = false;

  /**
   * `hostCpus`: the CPUs that logical CPUs are pinned to, in order, starting again at the end. Empty: none is pinned.
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE for what is no list of CPUs, ERR_UNKNOWN_OPTION for options: there
   * are none
   */
  constructor(hostCpus: readonly number[]);
  constructor(hostCpus: readonly number[], options?: unknown) {
    if (!Array.isArray(hostCpus)) {
      throw new CopytaxError('ERR_INVALID_ARG_TYPE', `hostCpus must be a list of CPUs, not ${shown(hostCpus)}`);
    }
    for (const [at, cpu] of hostCpus.entries()) within(`hostCpus[${at}]`, cpu, 0, MAX_HOST_CPU);
    checkOptions('new ThreadedMachine()', options, []);
    this.#threads = new MachineThreads(hostCpus);
  }

  /** The memory of the machines, or null before the first one. */
  get ram(): Region | null {
    return this.#ram.ram;
  }

  /**
   * Maps and populates memory, and starts threads, for these machines ahead of their trials. Gigabytes take seconds, in
   * which this thread is blocked; `prepareAsync` does not.
   * @throws ERR_NO_THREAD; ERR_ALREADY_RUNNING during `run`, `prepareAsync`, `renewMemory` and `renewThreads`;
   * ERR_REGION_CLOSED after `close`, and ERR_UNKNOWN_OPTION and what `Region.create` throws
   */
  prepare(configs: readonly MachineConfig[]): void {
    this.#assertFree();
    for (const config of configs) requireConfig(config);
    this.#ram.ensure(configs);
    this.#threads.ensure(configs);
  }

  /**
   * As `prepare`, but the event loop turns while memory is populated.
   * Rejects with the errors of `prepare`, and with the reason of `signal` when that aborts it. Then, and after a
   * `close` meanwhile, which makes it reject with ERR_REGION_CLOSED, the memory is given back.
   */
  async prepareAsync(
    configs: readonly MachineConfig[],
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const signal = requireSignal('prepareAsync()', options);
    this.#assertFree();
    for (const config of configs) requireConfig(config);
    await this.#doing('prepares its memory', () => this.#ram.ensureInSlices(configs, signal));
    this.#assertOpen();
    this.#threads.ensure(configs);
  }

  /**
   * Builds a machine, lets it run, drains it, and checks that nothing was lost; with `checking.everyByte` also every
   * invariant.
   * When `signal` aborts, senders stop at once, and the promise resolves to what was measured until then. A trial
   * whose threads the host took away resolves, too: its `measuredShare` tells how much of it was measured.
   * Rejects with ERR_CPU_PIN, ERR_NO_THREAD, ERR_WORKER_DIED, ERR_NEVER_ARRIVES, ERR_UNBALANCED, ERR_DEVICE_READ or,
   * when a design of one's own fails, ERR_DESIGN. Other machines can run afterwards. A plan with looks also rejects
   * with ERR_STALLED when nothing moves because packets find no slots.
   * Rejects before it does anything with ERR_OUT_OF_RANGE for a plan without usable times, with ERR_ALREADY_RUNNING
   * during another `run`, and what else `prepare` refuses, which go on undisturbed, with ERR_UNKNOWN_OPTION, and with
   * ERR_REGION_CLOSED after `close`. A `close` during the trial rejects it with that, too.
   */
  async run(config: MachineConfig, plan: TrialPlan, signal?: AbortSignal): Promise<TxTrial> {
    requirePlan(plan);
    this.prepare([config]);
    const ram = this.#ram.memoryFor(config);
    const arena = Arena.for((counting) => sharedState(counting, config));
    const { system, rendezvous } = sharedState(arena, config);
    const stop = () => system.cpus.drain();
    let looks: PeriodicLooks | null = null;
    this.#running = system;
    try {
      system.reset();
      rendezvous.reset();
      signal?.addEventListener('abort', stop);
      if (signal?.aborted) stop();
      if (plan.lookEveryMs !== undefined) looks = new PeriodicLooks(system, rendezvous, plan);
      const threads = cpuThreads(config) + (hasWorker(config) ? 1 : 0);
      const reports = await this.#threads.play(
        { config, plan, arena: arena.buffer!, ram: ram.id, threads, designModules: designModules() },
        { abort: () => system.cpus.abort(), endWork: () => system.swiotlb.pools?.growth?.end() },
      );
      looks?.assertProgress(config.design);
      assertBalanced(system);
      if (config.checking.everyByte) assertInvariants({ system, ram: ram.id, heldPages: [] });
      return txTrial(system, reports, looks?.result() ?? null);
    } catch (thrown) {
      if (this.#closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the machine was closed during this trial');
      if (isStall((thrown as { code?: unknown } | null)?.code)) looks?.assertProgress(config.design);
      throw failureOfDesign(config.design, thrown);
    } finally {
      looks?.end();
      this.#running = null;
      signal?.removeEventListener('abort', stop);
      system.designState.abandon?.();
    }
  }

  /**
   * Gives the machines fresh memory of the same size, on other pages where Linux has others: where memory lies is one
   * of the things that differ from run to run. The threads stay. Without memory it does nothing.
   * `ballastBytes`: memory to map meanwhile, see `RamHolder.renew`; another amount each time.
   * Rejects with ERR_OUT_OF_RANGE for a size that is none, with ERR_ALREADY_RUNNING during `run` and another renewal,
   * with ERR_REGION_CLOSED after `close`, also one meanwhile, with the reason of `signal` when that aborts it, and with
   * what `Region.create` throws; the next `run` then maps anew. The event loop turns while memory is populated.
   */
  async renewMemory(ballastBytes = 0, options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (!(Number.isFinite(ballastBytes) && ballastBytes >= 0)) {
      throw outOfRange(`ballastBytes must be a number of at least 0, not ${shown(ballastBytes)}`);
    }
    const signal = requireSignal('renewMemory()', options);
    this.#assertFree();
    await this.#doing('renews its memory', async () => {
      await this.#threads.releaseMemory();
      await this.#ram.renew(ballastBytes, signal);
    });
  }

  /**
   * Ends the threads; the next `prepare` or `run` starts new ones, whose code the engine compiles anew. The memory
   * stays.
   * Rejects with ERR_ALREADY_RUNNING during `run` and another renewal, and with ERR_REGION_CLOSED after `close`.
   */
  async renewThreads(): Promise<void> {
    this.#assertFree();
    await this.#doing('renews its threads', () => this.#threads.end());
  }

  async #doing(what: string, work: () => Promise<void>): Promise<void> {
    this.#busy = what;
    try {
      await work();
    } finally {
      this.#busy = null;
    }
  }

  /**
   * Changes `slotPool.pagePercent` of the machine that runs, as writing the parameter of the module does in Linux. The
   * new percentage holds from the next page that a socket takes from the slot pool; pages that were taken stay. The
   * machine of the next `run` begins with the percentage of its own configuration. Call it on the owner's thread,
   * between `run` and its result.
   * @param percent stop taking socket pages from the slot pool when it is this full, an integer from 0 (take none) to
   * 90
   * @throws ERR_OUT_OF_RANGE, ERR_NOT_RUNNING
   */
  setPercent(percent: number): void {
    requirePagePercent(percent);
    if (this.#running === null) throw new CopytaxError('ERR_NOT_RUNNING', 'no machine runs');
    this.#running.devices.percentLimit.percent = percent;
  }

  /**
   * Ends the threads, unmaps the memory and lets go of regions, also during `run`, which then rejects with
   * ERR_REGION_CLOSED. Idempotent.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.end();
    this.#running?.designState.abandon?.();
    this.#ram.close();
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @throws ERR_REGION_CLOSED after `close`, ERR_ALREADY_RUNNING while it does something else */
  #assertFree(): void {
    this.#assertOpen();
    if (this.#running !== null) throw new CopytaxError('ERR_ALREADY_RUNNING', 'a trial runs on this machine');
    if (this.#busy !== null) throw new CopytaxError('ERR_ALREADY_RUNNING', `this machine ${this.#busy}`);
  }

  #assertOpen(): void {
    if (this.#closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the machine is closed');
  }
}
