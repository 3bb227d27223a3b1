/**
 * The threads of `lifetime-cost`: for each lifetime one that makes skbs, and one on another CPU that releases them;
 * besides, for as long as it takes, one that counts. Owner: the main thread; one request at a time.
 */
import type { Worker } from 'node:worker_threads';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import type { AtomicCounts } from './atomic-counts.js';
import { LifetimeLoop, type LifetimePlan, type LifetimeTimes } from './lifetime-loop.js';
import type { LifetimeName } from './lifetime-rig.js';
import type { LifetimeReply, LifetimeRequest, LifetimeThread, PulsedTimes } from './lifetime-worker.js';

const workerFile = () => new URL('./lifetime-worker.js', import.meta.url);
const THREAD_NAME = 'the lifetime benchmark';

export interface LifetimeRun extends LifetimeTimes {
  /** How fast each CPU was that took part, see `pulsed`. */
  readonly pulseNs: readonly number[];
}

export class LifetimeThreads {
  readonly #cpus: readonly number[];
  readonly #pairs = new Map<LifetimeName, readonly Worker[]>();

  /** `cpus`: of the host; with one only, nothing can be released on another. */
  constructor(cpus: readonly number[]) {
    this.#cpus = cpus.slice(0, 2);
  }

  open(lifetimes: readonly LifetimeName[]): void {
    for (const lifetime of lifetimes) {
      const buffer = LifetimeLoop.create(lifetime);
      const pair = this.#cpus.map((hostCpu, at) => started({ lifetime, buffer, thread: at === 0 ? 0 : 1, hostCpu }));
      this.#pairs.set(lifetime, pair);
    }
  }

  async close(): Promise<void> {
    const workers = [...this.#pairs.values()].flat();
    this.#pairs.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Makes and releases skbs on the first CPU. Rejects with ERR_WORKER_DIED. */
  async run(lifetime: LifetimeName, plan: LifetimePlan): Promise<LifetimeRun> {
    const [first] = this.#pairs.get(lifetime)!;
    const { pulseNs, ...times } = await ask<PulsedTimes>(first!, { kind: 'run', plan });
    return { ...times, pulseNs: [pulseNs] };
  }

  /** Makes skbs on the first CPU and releases them on the second, in turn. Rejects with ERR_WORKER_DIED. */
  async runOnTwo(lifetime: LifetimeName, plan: LifetimePlan): Promise<LifetimeRun> {
    const halves = this.#pairs.get(lifetime)!.map((worker) => ask<PulsedTimes>(worker, { kind: 'half', plan }));
    const [maker, releaser] = (await Promise.all(halves)) as [PulsedTimes, PulsedTimes];
    return {
      acquireNs: maker.acquireNs,
      releaseNs: releaser.releaseNs,
      pulseNs: [maker.pulseNs, releaser.pulseNs],
    };
  }

  /** Counts the atomic operations of each plan, for each skb, on a thread that does nothing else and then ends. */
  async count(lifetime: LifetimeName, plans: readonly LifetimePlan[]): Promise<AtomicCounts[]> {
    const buffer = LifetimeLoop.create(lifetime);
    const worker = started({ lifetime, buffer, thread: 0, hostCpu: this.#cpus[0]! });
    try {
      const counts: AtomicCounts[] = [];
      for (const plan of plans) counts.push(await ask<AtomicCounts>(worker, { kind: 'count', plan }));
      return counts;
    } finally {
      await worker.terminate();
    }
  }
}

function started(workerData: LifetimeThread): Worker {
  return startThread(workerFile(), { workerData });
}

function ask<Reply extends LifetimeReply>(worker: Worker, message: LifetimeRequest): Promise<Reply> {
  return request<Reply>(worker, message, THREAD_NAME);
}
