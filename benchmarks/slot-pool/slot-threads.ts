/** The threads of the slot benchmark, each on a CPU of its own. Owner: the main thread; one run at a time. */
import type { Worker } from 'node:worker_threads';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import type { SlotReply, SlotRequest, SlotThread } from './slot-worker.js';

const workerFile = () => new URL('./slot-worker.js', import.meta.url);

export interface SlotRun {
  /** From the start of the first thread to the end of the last, nanoseconds. */
  readonly ns: number;
  /** A hash of all decisions; with several threads it depends on timing. */
  readonly proof: number;
  /** How fast each CPU was, see `pulsed`; of each thread where several share a CPU. */
  readonly pulseNs: readonly number[];
}

export class SlotThreads {
  readonly #cpus: readonly number[];
  readonly #threads: Worker[] = [];

  /** `cpus`: of the host, one for each thread in order; threads beyond their number share them. */
  constructor(cpus: readonly number[]) {
    this.#cpus = cpus;
  }

  /** Rejects with ERR_WORKER_DIED, after which these threads cannot be used any more. */
  async run(message: SlotRequest): Promise<SlotRun> {
    const { threads } = message.plan;
    while (this.#threads.length < threads) this.#start(this.#threads.length);
    const replies = this.#threads
      .slice(0, threads)
      .map((worker) => request<SlotReply>(worker, message, 'the slot benchmark'));
    const times = await Promise.all(replies);
    const begin = Math.min(...times.map((of) => of.begin));
    const end = Math.max(...times.map((of) => of.end));
    return {
      ns: end - begin,
      proof: times.reduce((sum, { proof }) => (sum + proof) >>> 0, 0),
      pulseNs: times.map(({ pulseNs }) => pulseNs),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((worker) => worker.terminate()));
  }

  #start(thread: number): void {
    const workerData: SlotThread = { thread, hostCpu: this.#cpus[thread % this.#cpus.length]! };
    this.#threads.push(startThread(workerFile(), { workerData }));
  }
}
