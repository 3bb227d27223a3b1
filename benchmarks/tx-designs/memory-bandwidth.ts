/**
 * Measures how fast all CPUs together copy what no cache holds, in copies as large as those of the transmit path. It
 * gives B of the throughput model, see docs/model.md#calibration.
 */
import type { Worker } from 'node:worker_threads';
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCachesTogetherBytes } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { COPY_KERNEL_NAMES } from '../../lib/memory/copy-kernels.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { roundUp } from '../../lib/units.js';
import type { CopyRequest } from '../shared/copy-until.js';
import type { MemoryReply, MemoryThread } from './memory-worker.js';

const workerFile = () => new URL('./memory-worker.js', import.meta.url);
/** Size of a copy: what one socket page takes. */
export const COPY_BYTES = FRAG_BYTES;
const BATCH = 32;
const BATCH_BYTES = COPY_BYTES * BATCH;
/** Size of all sources and destinations in multiples of the last-level caches, if memory allows. */
const LLC_MULTIPLE = 4;
/** Part of the memory of the host that they may take. */
const MEMORY_SHARE = 1 / 8;
/** Time that threads copy before it counts, so that all of them have begun. */
const LEAD_NS = 5e6;

/** Returns the bytes that the thread of each of `cpus` copies within: two sides, each a multiple of a batch. */
export function partBytes(host: Pick<HostFacts, 'caches' | 'memory'>, cpus: readonly number[]): number {
  const wanted = LLC_MULTIPLE * lastLevelCachesTogetherBytes(host, cpus);
  const limit = (host.memory.totalBytes ?? Number.POSITIVE_INFINITY) * MEMORY_SHARE;
  return roundUp(Math.ceil(Math.min(wanted, limit) / cpus.length), 2 * BATCH_BYTES);
}

/**
 * Returns how many bytes memory moves for a byte that is copied: it is read and written, and the line that it is
 * written to is read before that, unless the stores of the copy kernel bypass the caches.
 */
export function transfersPerByte(copyKernel: number): number {
  return COPY_KERNEL_NAMES[copyKernel]!.startsWith('nt-') ? 2 : 3;
}

/** The threads that copy. Owner: the main thread; one measurement at a time. */
export class MemoryBandwidth {
  readonly #cpus: readonly number[];
  readonly #part: number;
  readonly #copyKernel: number;
  #region: Region | undefined;
  #threads: Worker[] = [];

  /** `cpus`: of the host; one thread is pinned to each. */
  constructor(host: Pick<HostFacts, 'caches' | 'memory'>, cpus: readonly number[], copyKernel: number) {
    this.#cpus = cpus;
    this.#part = partBytes(host, cpus);
    this.#copyKernel = copyKernel;
  }

  /** Rejects with the reason of `signal` when that aborts it, and with what `Region.create` throws. */
  async open(signal?: AbortSignal): Promise<void> {
    const bytes = this.#part * this.#cpus.length;
    this.#region = await createInSlices({ bytes, lock: 'no', hugePages: 'thp' }, Region.attach, signal);
    this.#threads = this.#cpus.map((hostCpu, index) => {
      const workerData: MemoryThread = {
        hostCpu,
        region: this.#region!.id,
        offset: index * this.#part,
        bytes: this.#part,
      };
      return startThread(workerFile(), { workerData });
    });
  }

  /** Returns copied bytes per nanosecond of all threads together. Rejects with ERR_WORKER_DIED. */
  async sample(ms: number): Promise<Sample> {
    const begin = CopyList.ofThisThread().clock() + LEAD_NS;
    const message: CopyRequest = {
      copyKernel: this.#copyKernel,
      copyBytes: COPY_BYTES,
      batch: BATCH,
      begin,
      end: begin + ms * 1e6,
    };
    const replies = await Promise.all(
      this.#threads.map((thread) => request<MemoryReply>(thread, message, 'the memory benchmark')),
    );
    const value = replies.reduce((sum, { bytes, ns }) => sum + bytes / ns, 0);
    return {
      value,
      durationMs: Math.max(...replies.map(({ ns }) => ns)) / 1e6,
      pulseNs: replies.map(({ pulseNs }) => pulseNs),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
    this.#region?.close();
  }
}
