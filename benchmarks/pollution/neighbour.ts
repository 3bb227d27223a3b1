/** The sender's side of the thread on another CPU. Owner: the main thread; one request at a time. */
import type { Worker } from 'node:worker_threads';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { STATE } from './neighbour-state.js';
import type { NeighbourReply, NeighbourThread, ReadRequest, WalkRequest } from './neighbour-worker.js';

const workerFile = () => new URL('./neighbour-worker.js', import.meta.url);
/** A neighbour that has not begun, or not ended, after this time gets no CPU: the sample fails, and the run goes on. */
const LIMIT_MS = 400;

export class Neighbour {
  readonly #word = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #worker: Worker;

  constructor(thread: Omit<NeighbourThread, 'state'>) {
    const workerData: NeighbourThread = { ...thread, state: this.#word.buffer as SharedArrayBuffer };
    this.#worker = startThread(workerFile(), { workerData });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Has the victims made and the code loaded, which may take seconds. Rejects with ERR_WORKER_DIED. */
  async ready(workingSet: number | undefined): Promise<void> {
    await this.read(0, 1);
    if (workingSet === undefined) return;
    await this.#ask({ kind: 'walk', workingSet, settleMs: 0, measureMs: 1 });
  }

  /** Resolves to the nanoseconds in which it has read `packets` packets. Rejects with ERR_WORKER_DIED. */
  async read(offset: number, packets: number): Promise<number> {
    const { ns } = await this.#ask({ kind: 'read', offset, packets });
    return ns!;
  }

  /**
   * Calls `turn` on this thread for as long as the victim runs, from its begin to its end. Resolves to nanoseconds per
   * load of the victim; null: it had no CPU. Rejects with ERR_WORKER_DIED.
   */
  async beside(plan: Omit<WalkRequest, 'kind'>, turn: () => void): Promise<number | null> {
    Atomics.store(this.#word, 0, STATE.asked);
    const reply = this.#ask({ kind: 'walk', ...plan });
    const limit = performance.now() + LIMIT_MS;
    while (Atomics.load(this.#word, 0) === STATE.asked && performance.now() < limit);
    while (Atomics.load(this.#word, 0) === STATE.walking && performance.now() < limit) turn();
    const inTime = Atomics.load(this.#word, 0) === STATE.done;
    const { ns } = await reply;
    return inTime ? ns : null;
  }

  #ask(message: WalkRequest | ReadRequest): Promise<NeighbourReply> {
    return request<NeighbourReply>(this.#worker, message, 'the neighbour');
  }
}
