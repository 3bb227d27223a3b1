/** Threads that copy at the same time, each pinned to a CPU and with memory of its own. */
import type { Worker } from 'node:worker_threads';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import type { CopyOrder, CopyReply, CopyThread } from './copy-worker.js';
import { countedTogether } from './counted-together.js';
import { BATCH, COPY_BYTES } from './scaling-plan.js';

const workerFile = () => new URL('./copy-worker.js', import.meta.url);
const NAME = 'the scaling benchmark';
/** Time that threads copy before it counts, so that all of them have begun: for one, and for each other one. */
const LEAD_NS = 5e6;
const LEAD_NS_PER_THREAD = 1e5;

/** Whether a thread walks through all of its memory, or copies the same bytes again and again. */
export const PLACES = ['memory', 'cache'] as const;
export type Place = (typeof PLACES)[number];

/** Owner: the main thread; one sample at a time. */
export class CopyingThreads {
  readonly #cpus: readonly number[];
  readonly #partBytes: number;
  #threads: readonly Worker[] = [];

  /** `cpus`: of the host, for each thread one. `partBytes`: memory of each thread, twice a multiple of a batch. */
  constructor(cpus: readonly number[], partBytes: number) {
    this.#cpus = cpus;
    this.#partBytes = partBytes;
  }

  /**
   * Resolves when all threads have written their memory. Rejects with the reason of `signal` when that aborts it, with
   * ERR_NO_THREAD, and with ERR_WORKER_DIED where a thread gets no memory; then no thread is left.
   */
  async open(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const bytes = this.#partBytes;
    const threads: Worker[] = [];
    this.#threads = threads;
    const end = () => void this.close();
    signal?.addEventListener('abort', end);
    try {
      for (const hostCpu of this.#cpus) {
        const workerData: CopyThread = { hostCpu, bytes };
        threads.push(startThread(workerFile(), { workerData }));
      }
      await this.#takeFresh();
    } catch (error) {
      await this.close();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  /**
   * Gives each thread fresh memory, on other pages: bad luck with where memory lies must not stay with a cell for a
   * whole run. Meanwhile a thread has the old memory, too. Rejects with the reason of `signal` when that aborts it, and
   * with ERR_WORKER_DIED where a thread gets no memory.
   */
  async renew(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#takeFresh();
    signal?.throwIfAborted();
  }

  async #takeFresh(): Promise<void> {
    const order: CopyOrder = null;
    await Promise.all(this.#threads.map((thread) => request<null>(thread, order, NAME)));
  }

  /**
   * Lets the threads with these indices copy for `ms`. The value is what all of them together copied, bytes per
   * nanosecond. Rejects with ERR_WORKER_DIED.
   */
  async sample(indices: readonly number[], place: Place, copyKernel: number, ms: number): Promise<Sample> {
    const lead = LEAD_NS + LEAD_NS_PER_THREAD * indices.length;
    const begin = CopyList.ofThisThread().clock() + lead;
    const order: CopyOrder = {
      copyKernel,
      copyBytes: COPY_BYTES,
      batch: BATCH,
      begin,
      end: begin + ms * 1e6,
      spanBytes: place === 'cache' ? COPY_BYTES : this.#partBytes / 2,
    };
    const replies = await Promise.all(indices.map((at) => request<CopyReply>(this.#threads[at]!, order, NAME)));
    return {
      value: replies.reduce((sum, { bytes, ns }) => sum + bytes / ns, 0),
      durationMs: Math.max(...replies.map(({ ns }) => ns)) / 1e6,
      pulseNs: replies.map(({ pulseNs }) => pulseNs),
      ledger: countedTogether(replies),
    };
  }

  /** Ends the threads, and gives their memory back. Idempotent. */
  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
