/**
 * The multi-CPU host: logical CPUs as pinned threads, one region as memory, and rounds of machines upon them.
 * Owner: the thread that made it; one round at a time. Threads and memory are kept between rounds.
 */
import { Worker } from 'node:worker_threads';
import { CopytaxError, type ErrorCode } from '../errors.js';
import { Region } from '../memory/region.js';
import { Arena } from '../smp/arena.js';
import type { MachineConfig } from './config.js';
import { type CpuThreadData, type RoundReply, type RoundRequest, sharedState } from './cpu-worker.js';
import { fillUsers, ramLayout } from './ram.js';
import type { CpuReport, RoundPlan } from './round.js';
import { type TxRound, txRound } from './tx-round.js';

const REGION_ALIGN = 2 << 20; // a huge page, and more than any block of the pool
const WORKER = new URL('./cpu-worker.js', import.meta.url);

export class TxHost {
  readonly #hostCpus: readonly number[];
  #threads: Worker[] = [];
  /** One of them has ended, which a round that waits for it notices by itself. */
  #lostThread = false;
  #ram: Region | null = null;
  #filledFor = '';
  #closed = false;

  /** `hostCpus`: where logical CPUs are pinned, in order, starting again at the end; empty: nowhere. */
  constructor(hostCpus: readonly number[]) {
    this.#hostCpus = hostCpus;
  }

  /** The memory of the machines, once a round has needed it. */
  get ram(): Region | null {
    return this.#ram;
  }

  /** Maps and populates memory and starts threads for these machines ahead of their rounds. */
  prepare(configs: readonly MachineConfig[]): void {
    this.#assertOpen();
    this.#ensureRam(Math.max(...configs.map((config) => ramLayout(config).bytes)));
    this.#ensureThreads(Math.max(...configs.map(threadsOf)));
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
    try {
      const request = { config, plan, arena: arena.buffer!, ram: ram.id, threads: threadsOf(config) };
      const reports = await this.#play(request, () => system.cpus.abort());
      system.assertBalanced();
      return txRound(system, reports);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#endThreads();
    this.#ram?.close();
    this.#ram = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends the request to the threads it needs and collects their reports; the first failure ends the round for all. */
  async #play(request: RoundRequest, abort: () => void): Promise<CpuReport[]> {
    const threads = this.#threads.slice(0, request.threads);
    const replies = threads.map((thread, cpu) => reportOf(thread, cpu, request));
    for (const reply of replies) reply.catch(abort);
    const outcomes = await Promise.allSettled(replies);
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason);
    if (failures.length > 0) {
      await this.#endThreads(); // whatever they hold, the next round starts with fresh ones
      throw failures.find((failure) => failure.code === 'ERR_WORKER_DIED') ?? failures[0];
    }
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<CpuReport>).value);
  }

  #ensureRam(bytes: number): void {
    if (this.#ram !== null && this.#ram.bytes >= bytes) return;
    this.#ram?.close();
    this.#filledFor = '';
    this.#ram = Region.create({ bytes, align: REGION_ALIGN, lock: 'try', hugePages: 'thp' });
  }

  #ensureThreads(count: number): void {
    if (this.#lostThread) void this.#endThreads();
    while (this.#threads.length < count) {
      const cpu = this.#threads.length;
      const hostCpu = this.#hostCpus.length === 0 ? null : this.#hostCpus[cpu % this.#hostCpus.length]!;
      // Without the flags of the main thread: those of `node --input-type=module -e` would refuse a file.
      const thread = new Worker(WORKER, { execArgv: [], workerData: { cpu, hostCpu } satisfies CpuThreadData });
      thread.on('error', () => {}); // between rounds nobody asks why: the next one starts a new thread, and finds out
      thread.on('exit', () => {
        if (this.#threads.includes(thread)) this.#lostThread = true;
      });
      this.#threads.push(thread);
    }
  }

  async #endThreads(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    this.#lostThread = false;
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #assertOpen(): void {
    if (this.#closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the host is closed');
  }
}

function threadsOf(config: MachineConfig): number {
  return config.device === 'read' ? config.cpus + 1 : config.cpus;
}

function reportOf(thread: Worker, cpu: number, request: RoundRequest): Promise<CpuReport> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      thread.off('message', onMessage);
      thread.off('error', onError);
      thread.off('exit', onExit);
      finish();
    };
    const died = (why: string, cause?: unknown) =>
      new CopytaxError('ERR_WORKER_DIED', `the thread of CPU ${cpu} ${why}`, { cpu }, cause);
    const onMessage = (reply: RoundReply) =>
      settle(() => {
        if ('report' in reply) resolve(reply.report);
        else reject(new CopytaxError(reply.error.code as ErrorCode, reply.error.message, { cpu }, reply.error.stack));
      });
    const onError = (error: Error) => settle(() => reject(died(`failed: ${error.message}`, error)));
    const onExit = (code: number) => settle(() => reject(died(`exited with code ${code} during a round`)));
    thread.on('message', onMessage);
    thread.on('error', onError);
    thread.on('exit', onExit);
    thread.postMessage(request);
  });
}
