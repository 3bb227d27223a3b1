/**
 * The threads of a host: one for each CPU, pinned, and one for work in the background where machines have any. They are
 * kept between rounds, and all replaced after one of them has died.
 * Owner: the thread that made them; one round at a time.
 */
import { Worker } from 'node:worker_threads';
import { CopytaxError, type ErrorCode } from '../../errors.js';
import type { MachineConfig } from '../build/config.js';
import { cpuThreads, hasWorker } from '../build/sizing.js';
import type { CpuThreadData } from './cpu-worker.js';
import type { CpuReport } from './round.js';
import type { RoundReply, RoundRequest } from './round-request.js';

const CPU_THREAD = new URL('./cpu-worker.js', import.meta.url);
const WORKER_THREAD = new URL('./growth-worker.js', import.meta.url);

/** What a round has to be told by whoever watches its threads. */
export interface RoundEnds {
  /** A thread has failed: nobody should wait for it. */
  abort(): void;
  /** No CPU takes part any more, so there is no work for the background. */
  endWork(): void;
}

export class HostThreads {
  readonly #hostCpus: readonly number[];
  #cpus: Worker[] = [];
  #worker: Worker | null = null;
  /** One of them has ended, which a round that waits for it notices by itself. */
  #lost = false;

  /** `hostCpus`: where logical CPUs are pinned, in order, starting again at the end; empty: nowhere. */
  constructor(hostCpus: readonly number[]) {
    this.#hostCpus = hostCpus;
  }

  /** Threads that there are. */
  get count(): number {
    return this.#cpus.length + (this.#worker === null ? 0 : 1);
  }

  /** Starts what machines need and is not there. */
  ensure(configs: readonly MachineConfig[]): void {
    if (this.#lost) void this.end();
    const count = Math.max(...configs.map(cpuThreads));
    while (this.#cpus.length < count) {
      const cpu = this.#cpus.length;
      const hostCpu = this.#hostCpus.length === 0 ? null : this.#hostCpus[cpu % this.#hostCpus.length]!;
      this.#cpus.push(this.#start(CPU_THREAD, { cpu, hostCpu } satisfies CpuThreadData));
    }
    if (configs.some(hasWorker)) this.#worker ??= this.#start(WORKER_THREAD, null);
  }

  /** Sends the request to the threads it needs and collects their reports; the first failure ends the round for all. */
  async play(request: RoundRequest, { abort, endWork }: RoundEnds): Promise<CpuReport[]> {
    const cpus = this.#cpus
      .slice(0, cpuThreads(request.config))
      .map((thread, cpu) => reportOf<CpuReport>(thread, `CPU ${cpu}`, request));
    const worker = hasWorker(request.config) ? [reportOf<null>(this.#worker!, 'background work', request)] : [];
    for (const reply of [...cpus, ...worker]) reply.catch(abort);
    const outcomes = await Promise.allSettled(cpus);
    endWork();
    const failures = [...outcomes, ...(await Promise.allSettled(worker))].flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    if (failures.length > 0) {
      await this.end(); // whatever they hold, the next round starts with fresh ones
      throw causeOf(failures);
    }
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<CpuReport>).value);
  }

  /** Ends all threads; `ensure` starts others. */
  async end(): Promise<void> {
    const threads = this.#worker === null ? this.#cpus : [...this.#cpus, this.#worker];
    this.#cpus = [];
    this.#worker = null;
    this.#lost = false;
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #start(file: URL, workerData: unknown): Worker {
    // Without the flags of the main thread: those of `node --input-type=module -e` would refuse a file.
    const thread = new Worker(file, { execArgv: [], workerData });
    thread.on('error', () => {}); // between rounds nobody asks why: the next one starts a new thread, and finds out
    thread.on('exit', () => {
      if (this.#cpus.includes(thread) || this.#worker === thread) this.#lost = true;
    });
    return thread;
  }
}

/** `name` says whose thread it is. */
function reportOf<Report>(thread: Worker, name: string, request: RoundRequest): Promise<Report> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      thread.off('message', onMessage);
      thread.off('error', onError);
      thread.off('exit', onExit);
      finish();
    };
    const died = (why: string, cause?: unknown) =>
      new CopytaxError('ERR_WORKER_DIED', `the thread of ${name} ${why}`, { thread: name }, cause);
    const onMessage = (reply: RoundReply<Report>) =>
      settle(() => {
        if ('report' in reply) resolve(reply.report);
        else
          reject(
            new CopytaxError(reply.error.code as ErrorCode, reply.error.message, { thread: name }, reply.error.stack),
          );
      });
    const onError = (error: Error) => settle(() => reject(died(`failed: ${error.message}`, error)));
    const onExit = (code: number) => settle(() => reject(died(`exited with code ${code} during a round`)));
    thread.on('message', onMessage);
    thread.on('error', onError);
    thread.on('exit', onExit);
    thread.postMessage(request);
  });
}

/**
 * Returns the failure that the others follow from: that of a thread that died, or else the first one that is not about
 * waiting in vain for others; undefined if there is none at all.
 */
export function causeOf<Failure extends { readonly code?: string }>(failures: readonly Failure[]): Failure | undefined {
  const isStall = ({ code }: Failure) => code === 'ERR_STALLED' || code === 'ERR_NO_PROGRESS';
  const died = failures.find(({ code }) => code === 'ERR_WORKER_DIED');
  return died ?? failures.find((failure) => !isStall(failure)) ?? failures[0];
}
