/**
 * Runs machines whose logical CPUs are pinned threads, with one region as memory.
 * Owner: the thread that made it; one trial at a time. Threads and memory are kept between trials.
 */

import { designModules, failureOfDesign } from '../../designs/own-designs.js';
import { CopytaxError } from '../../errors.js';
import { outOfRange, shown } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { Arena } from '../../smp/arena.js';
import { type MachineConfig, requirePagePercent } from '../build/config.js';
import { cpuThreads, hasWorker } from '../build/sizing.js';
import type { System } from '../build/system.js';
import { assertBalanced } from '../check/balance.js';
import { assertInvariants } from '../check/invariants.js';
import { MachineThreads } from './machine-threads.js';
import { PeriodicLooks } from './memory-looks.js';
import { RamHolder } from './ram-holder.js';
import { requirePlan, type TrialPlan } from './trial.js';
import { sharedState } from './trial-request.js';
import { type TxTrial, txTrial } from './tx-trial.js';

const REGION_ALIGN = 2 << 20; // a huge page

export class ThreadedMachine {
  readonly #threads: MachineThreads;
  readonly #ram = new RamHolder({ align: REGION_ALIGN, lock: 'try', hugePages: 'thp' });
  /** The tables of the machine that runs, or null. */
  #running: System | null = null;
  #closed = false;

  /**
   * `hostCpus`: the CPUs that logical CPUs are pinned to, in order, starting again at the end. Empty: none is pinned.
   */
  constructor(hostCpus: readonly number[]) {
    this.#threads = new MachineThreads(hostCpus);
  }

  /** The memory of the machines, or null before the first one. */
  get ram(): Region | null {
    return this.#ram.ram;
  }

  /** Maps and populates memory, and starts threads, for these machines ahead of their trials. */
  prepare(configs: readonly MachineConfig[]): void {
    this.#assertOpen();
    this.#ram.ensure(configs);
    this.#threads.ensure(configs);
  }

  /**
   * Builds a machine, lets it run, drains it, and checks that nothing was lost; with `checking.everyByte` also every
   * invariant.
   * When `signal` aborts, senders stop at once, and the promise resolves to what was measured until then.
   * Rejects with ERR_WORKER_DIED, ERR_STALLED, ERR_UNBALANCED, ERR_DEVICE_READ or, when a design of one's own fails,
   * ERR_DESIGN. Other machines can run afterwards. A plan with looks also rejects with ERR_STALLED when CPUs are busy
   * and move nothing.
   * Rejects before it does anything with ERR_OUT_OF_RANGE for a plan without usable times, and with
   * ERR_ALREADY_RUNNING during another `run`.
   */
  async run(config: MachineConfig, plan: TrialPlan, signal?: AbortSignal): Promise<TxTrial> {
    requirePlan(plan);
    this.#assertIdle();
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
   * Rejects with ERR_OUT_OF_RANGE for a size that is none, with ERR_ALREADY_RUNNING during `run`, with
   * ERR_REGION_CLOSED after `close`, and with what `Region.create` throws; the next `run` then maps anew.
   */
  async renewMemory(ballastBytes = 0): Promise<void> {
    if (!(Number.isFinite(ballastBytes) && ballastBytes >= 0)) {
      throw outOfRange(`ballastBytes must be a number of at least 0, not ${shown(ballastBytes)}`);
    }
    this.#assertOpen();
    this.#assertIdle();
    await this.#threads.releaseMemory();
    this.#ram.renew(ballastBytes);
  }

  /**
   * Ends the threads; the next `prepare` or `run` starts new ones, whose code the engine compiles anew. The memory
   * stays.
   * Rejects with ERR_ALREADY_RUNNING during `run`, and with ERR_REGION_CLOSED after `close`.
   */
  async renewThreads(): Promise<void> {
    this.#assertOpen();
    this.#assertIdle();
    await this.#threads.end();
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

  /** Ends the threads, unmaps the memory and lets go of regions, also during `run`, which then rejects. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.end();
    this.#running?.designState.abandon?.();
    this.#ram.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #assertIdle(): void {
    if (this.#running !== null) throw new CopytaxError('ERR_ALREADY_RUNNING', 'a trial runs on this machine');
  }

  #assertOpen(): void {
    if (this.#closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the machine is closed');
  }
}
