/**
 * The threads of machines: one for each logical CPU, pinned, and one for work in the background where machines have
 * any. They are kept between trials, and all are replaced after one of them has died. Threads that wait for the next
 * trial do not keep the process alive.
 * Owner: the thread that made them; one trial at a time.
 */
import type { Worker } from 'node:worker_threads';
import { CopytaxError, type ErrorCode } from '../../errors.js';
import { deathOf, request } from '../../smp/thread-reply.js';
import { startThread } from '../../threads.js';
import type { MachineConfig } from '../build/config.js';
import { cpuThreads, hasWorker } from '../build/sizing.js';
import type { CpuThreadData } from './cpu-worker.js';
import { isStall } from './stalls.js';
import type { CpuReport } from './trial.js';
import type { ReleaseRequest, TrialReply, TrialRequest } from './trial-request.js';

// Made when they are needed: in a bundle for CommonJS there is no such URL, and importing this must not fail.
const cpuThread = () => new URL('./cpu-worker.js', import.meta.url);
const growthThread = () => new URL('./growth-worker.js', import.meta.url);

/** How the threads of a trial are stopped from outside. */
export interface TrialEnds {
  /** Called when a thread has failed: no other thread should wait for it. */
  abort(): void;
  /** Called when no CPU takes part any more, so that there is no work for the background. */
  endWork(): void;
}

export class MachineThreads {
  readonly #hostCpus: readonly number[];
  #cpus: Worker[] = [];
  #worker: Worker | null = null;
  /** True after a thread has ended by itself. A trial that waits for it notices that anyway. */
  #lost = false;
  /** What threads failed with that have ended by themselves. */
  readonly #failures = new WeakMap<Worker, Error>();
  #requests = 0;

  /**
   * `hostCpus`: the CPUs that logical CPUs are pinned to, in order, starting again at the end. Empty: none is pinned.
   */
  constructor(hostCpus: readonly number[]) {
    this.#hostCpus = hostCpus;
  }

  /** Number of threads that have been started. */
  get count(): number {
    return this.#cpus.length + (this.#worker === null ? 0 : 1);
  }

  /** Starts the threads that these machines need and that have not been started. */
  ensure(configs: readonly MachineConfig[]): void {
    if (this.#lost) void this.end();
    const count = Math.max(...configs.map(cpuThreads));
    while (this.#cpus.length < count) {
      const cpu = this.#cpus.length;
      const hostCpu = this.#hostCpus.length === 0 ? null : this.#hostCpus[cpu % this.#hostCpus.length]!;
      this.#cpus.push(this.#start(cpuThread(), { cpu, hostCpu } satisfies CpuThreadData));
    }
    if (configs.some(hasWorker)) this.#worker ??= this.#start(growthThread(), null);
  }

  /**
   * Sends the request to the threads that it needs, and resolves to the reports of the CPUs. The first failure ends the
   * trial for all.
   */
  async play(trial: TrialRequest, { abort, endWork }: TrialEnds): Promise<CpuReport[]> {
    const cpus = this.#cpus
      .slice(0, cpuThreads(trial.config))
      .map((thread, cpu) => this.#report<CpuReport>(thread, `CPU ${cpu}`, trial));
    const worker = hasWorker(trial.config) ? [this.#report<null>(this.#worker!, 'background work', trial)] : [];
    for (const reply of [...cpus, ...worker]) reply.catch(abort);
    const reports = await Promise.allSettled(cpus);
    endWork();
    const failures = [...reports, ...(await Promise.allSettled(worker))].flatMap((settled) =>
      settled.status === 'rejected' ? [settled.reason] : [],
    );
    if (failures.length > 0) {
      await this.end(); // so that the next trial starts with new threads, whatever these hold
      throw causeOf(failures);
    }
    return reports.map((settled) => (settled as PromiseFulfilledResult<CpuReport>).value);
  }

  /** Resolves when no thread holds the memory of the last trial any more. Rejects with ERR_WORKER_DIED. */
  async releaseMemory(): Promise<void> {
    await Promise.all(this.#cpus.map((thread, cpu) => this.#report(thread, `CPU ${cpu}`, { releases: 'memory' })));
  }

  /** Ends all threads. `ensure` starts new ones. */
  async end(): Promise<void> {
    const threads = this.#worker === null ? this.#cpus : [...this.#cpus, this.#worker];
    this.#cpus = [];
    this.#worker = null;
    this.#lost = false;
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Resolves to the report of a thread, and rejects with what failed on it. `name` says whose thread it is. */
  async #report<Report>(thread: Worker, name: string, asked: TrialRequest | ReleaseRequest): Promise<Report> {
    // One that failed between requests emits nothing any more, and would be waited for without end.
    const failure = this.#failures.get(thread);
    if (failure !== undefined) throw deathOf(failure, name);
    const number = ++this.#requests;
    const isReply = (reply: TrialReply<Report>) => reply.number === number;
    thread.ref();
    try {
      const reply = await request(thread, { ...asked, number }, name, isReply);
      if ('report' in reply) return reply.report;
      const { code, message, stack } = reply.error;
      throw new CopytaxError(code as ErrorCode, message, { thread: name }, stack);
    } finally {
      thread.unref();
    }
  }

  #start(file: URL, workerData: unknown): Worker {
    const thread = startThread(file, { workerData });
    thread.unref(); // a machine that is never closed does not keep the process alive
    // An error between trials is not lost: the next trial starts a new thread, and rejects if that fails as well.
    thread.on('error', (error) => this.#failures.set(thread, error));
    thread.on('exit', () => {
      if (this.#cpus.includes(thread) || this.#worker === thread) this.#lost = true;
    });
    return thread;
  }
}

/**
 * Returns the failure that the others follow from: that of a thread that died, or else the first one that is not about
 * waiting for others without progress, or else the first of a thread that did not give up because of another one;
 * undefined if there is no failure.
 */
export function causeOf<Failure extends { readonly code?: string }>(failures: readonly Failure[]): Failure | undefined {
  const died = failures.find(({ code }) => code === 'ERR_WORKER_DIED');
  const acted = failures.find(({ code }) => !isStall(code));
  return died ?? acted ?? failures.find(({ code }) => code !== 'ERR_ABORTED') ?? failures[0];
}
