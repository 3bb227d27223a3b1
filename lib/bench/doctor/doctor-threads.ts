/**
 * The threads on which the doctor measures: `home` is pinned to the first CPU, `beside` to the next one, if Linux lets
 * them, and `loose` is where Linux puts it. The thread that owns them only waits, so it can always be interrupted.
 */
import type { Worker } from 'node:worker_threads';
import { CopytaxError, type ErrorCode } from '../../errors.js';
import { request } from '../../smp/thread-reply.js';
import { startThread } from '../../threads.js';
import type { DoctorThreadData, JobName, JobReply, JobRequest, JobResult } from './doctor-worker.js';
import { endNeighbour, NEIGHBOUR_WORDS } from './guards/neighbour.js';

const threadFile = () => new URL('./doctor-worker.js', import.meta.url);

export type Place = 'home' | 'beside' | 'loose';

export class DoctorThreads {
  readonly cpus: readonly number[];
  readonly #copyKernel: number;
  readonly #neighbour = new Int32Array(new SharedArrayBuffer(4 * NEIGHBOUR_WORDS));
  readonly #workers: Readonly<Record<Place, Worker>>;
  readonly #lost = new Set<Worker>();

  /** `cpus`: that this process may use; none if Linux does not tell them, and then no thread is pinned. */
  constructor(cpus: readonly number[], copyKernel: number) {
    this.cpus = cpus;
    this.#copyKernel = copyKernel;
    const start = () => {
      const workerData: DoctorThreadData = { neighbour: this.#neighbour };
      const worker = startThread(threadFile(), { workerData });
      worker.on('error', () => {}); // rejects the request that it fails in
      worker.on('exit', () => this.#lost.add(worker));
      return worker;
    };
    this.#workers = { home: start(), beside: start(), loose: start() };
  }

  /** Pins what can be pinned. Resolves to why a thread could not be, or null. */
  async pin(): Promise<string | null> {
    const [first, second] = this.cpus;
    if (first === undefined) return 'Linux does not tell which CPUs this process may use';
    try {
      await this.ask('home', 'pin', 0, [first]);
      await this.ask('beside', 'pin', 0, [second ?? first]);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Resolves to what the job returns. Rejects with what it threw, or ERR_WORKER_DIED. `ms`: time that it may take. */
  async ask<Name extends JobName>(place: Place, job: Name, ms: number, cpus = this.cpus): Promise<JobResult<Name>> {
    const worker = this.#workers[place];
    if (this.#lost.has(worker)) throw new CopytaxError('ERR_WORKER_DIED', `the doctor has lost its thread for ${job}`);
    const message: JobRequest = { job, task: { ms, cpus, copyKernel: this.#copyKernel } };
    const reply = await request<JobReply>(worker, message, `the doctor's ${job}`);
    if ('result' in reply) return reply.result as JobResult<Name>;
    const { code, message: what } = reply.error;
    throw new CopytaxError((code ?? 'ERR_SCENARIO') as ErrorCode, what);
  }

  /** Ends the job of a neighbour, on whatever thread. */
  endNeighbour(): void {
    endNeighbour(this.#neighbour);
  }

  /** Ends the threads, when what they measure just now is done. The process need not wait for that. */
  async close(): Promise<void> {
    for (const worker of Object.values(this.#workers)) worker.unref();
    await Promise.all(Object.values(this.#workers).map((worker) => worker.terminate()));
  }
}
