/**
 * The multi-CPU host: logical CPUs as pinned threads, one region as memory, and rounds of machines upon them.
 * Owner: the thread that made it; one round at a time. Threads and memory are kept between rounds.
 */

import { CopytaxError } from '../../errors.js';
import { Region } from '../../memory/region.js';
import { Arena } from '../../smp/arena.js';
import { type MachineConfig, requirePagePercent } from '../build/config.js';
import { fillUsers, ramLayout } from '../build/ram.js';
import { cpuThreads, hasWorker } from '../build/sizing.js';
import type { System } from '../build/system.js';
import { assertBalanced } from '../check/balance.js';
import { HostThreads } from './machine-threads.js';
import type { RoundPlan } from './round.js';
import { sharedState } from './round-request.js';
import { type TxRound, txRound } from './tx-round.js';

const REGION_ALIGN = 2 << 20; // a huge page

export class TxHost {
  readonly #threads: HostThreads;
  #ram: Region | null = null;
  #filledFor = '';
  /** Of the round that is under way. */
  #running: System | null = null;
  #closed = false;

  /** `hostCpus`: where logical CPUs are pinned, in order, starting again at the end; empty: nowhere. */
  constructor(hostCpus: readonly number[]) {
    this.#threads = new HostThreads(hostCpus);
  }

  /** The memory of the machines, once a round has needed it. */
  get ram(): Region | null {
    return this.#ram;
  }

  /** Maps and populates memory and starts threads for these machines ahead of their rounds. */
  prepare(configs: readonly MachineConfig[]): void {
    this.#assertOpen();
    this.#ensureRam(Math.max(...configs.map((config) => ramLayout(config).bytes)));
    this.#threads.ensure(configs);
  }

  /**
   * Builds the machine, lets it run, drains it, and checks that nothing was lost.
   * When `signal` aborts, senders stop at once and the promise resolves with what was measured until then.
   * Rejects with ERR_WORKER_DIED, ERR_STALLED, ERR_UNBALANCED, ERR_DEVICE_READ; the host can be used again after.
   */
  async run(config: MachineConfig, plan: RoundPlan, signal?: AbortSignal): Promise<TxRound> {
    this.prepare([config]);
    const ram = this.#ram!;
    const layout = ramLayout(config);
    const filledFor = `${layout.users}-${layout.system}`;
    if (this.#filledFor !== filledFor) fillUsers(ram.buffer, layout);
    this.#filledFor = filledFor;
    const arena = Arena.for((counting) => sharedState(counting, config));
    const { system, rendezvous } = sharedState(arena, config);
    system.reset();
    rendezvous.reset();
    const stop = () => system.cpus.drain();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    this.#running = system;
    try {
      const threads = cpuThreads(config) + (hasWorker(config) ? 1 : 0);
      const reports = await this.#threads.play(
        { config, plan, arena: arena.buffer!, ram: ram.id, threads },
        { abort: () => system.cpus.abort(), endWork: () => system.swiotlb.pools?.growth?.end() },
      );
      assertBalanced(system);
      return txRound(system, reports);
    } finally {
      this.#running = null;
      signal?.removeEventListener('abort', stop);
    }
  }

  /**
   * Changes `slotPool.pagePercent` of the machine that runs, as writing the module's parameter does in a kernel. Its CPUs,
   * on threads of their own, go by it from the next page on that a socket asks the pool for; pages that are taken stay. The
   * machine of the next `run` begins with the percentage of its own configuration. The thread of the host, between `run`
   * and what comes of it.
   * @param percent slot pool occupancy from which on no pages are taken from it, an integer from 0 (none) to 90
   * @throws ERR_OUT_OF_RANGE, ERR_NOT_RUNNING
   */
  setPercent(percent: number): void {
    requirePagePercent(percent);
    if (this.#running === null) throw new CopytaxError('ERR_NOT_RUNNING', 'no machine runs on this host');
    this.#running.devices.percentLimit.percent = percent;
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.end();
    this.#ram?.close();
    this.#ram = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ensureRam(bytes: number): void {
    if (this.#ram !== null && this.#ram.bytes >= bytes) return;
    this.#ram?.close();
    this.#filledFor = '';
    this.#ram = Region.create({ bytes, align: REGION_ALIGN, lock: 'try', hugePages: 'thp' });
  }

  #assertOpen(): void {
    if (this.#closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the host is closed');
  }
}
