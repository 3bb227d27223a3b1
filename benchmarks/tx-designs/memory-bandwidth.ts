/**
 * How fast all CPUs together copy what no cache holds, in copies as large as those of the transmit path. Of the model of
 * the specification's section 8.2 this is B, once it is known how many bytes memory moves for each that is copied.
 */
import { Worker } from 'node:worker_threads';
import type { HostFacts } from '../../lib/bench/host/host-schema.js';
import { lastLevelCacheBytesOrUsual } from '../../lib/bench/host/topology.js';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { KERNEL_NAMES } from '../../lib/memory/kernels.js';
import { Region } from '../../lib/memory/region.js';
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { request } from '../../lib/smp/thread-reply.js';
import { roundUp } from '../../lib/units.js';
import type { MemoryReply, MemoryRequest, MemoryThread } from './memory-worker.js';

const WORKER = new URL('./memory-worker.js', import.meta.url);
/** What one page of a socket takes. */
export const COPY_BYTES = FRAG_BYTES;
const BATCH = 32;
const BATCH_BYTES = COPY_BYTES * BATCH;
/** Together, sources and destinations are so many times the last-level cache, if memory allows. */
const LLC_MULTIPLE = 4;
const MEMORY_SHARE = 1 / 8;
/** Threads copy so long before it counts: until all of them do. */
const LEAD_NS = 5e6;

/** Bytes that each of `threads` copies within: two sides of whole batches. */
export function partBytes(host: Pick<HostFacts, 'caches' | 'memory'>, threads: number): number {
  const wanted = LLC_MULTIPLE * lastLevelCacheBytesOrUsual(host);
  const most = (host.memory.totalBytes ?? Number.POSITIVE_INFINITY) * MEMORY_SHARE;
  return roundUp(Math.ceil(Math.min(wanted, most) / threads), 2 * BATCH_BYTES);
}

/**
 * Bytes that memory moves for a byte that is copied: it is read, and written back; and the line that it is written to is
 * read before, unless the copy kernel stores past the caches.
 */
export function transfersPerByte(copyKernel: number): number {
  return KERNEL_NAMES[copyKernel]!.startsWith('nt-') ? 2 : 3;
}

/** Owner: the main thread; one measurement at a time. */
export class MemoryBandwidth {
  readonly #cpus: readonly number[];
  readonly #part: number;
  readonly #copyKernel: number;
  #region: Region | undefined;
  #threads: Worker[] = [];

  /** Threads are pinned to `cpus`, one to each. */
  constructor(host: Pick<HostFacts, 'caches' | 'memory'>, cpus: readonly number[], copyKernel: number) {
    this.#cpus = cpus;
    this.#part = partBytes(host, cpus.length);
    this.#copyKernel = copyKernel;
  }

  open(): void {
    const bytes = this.#part * this.#cpus.length;
    this.#region = Region.create({ bytes, lock: 'no', hugePages: 'thp' });
    this.#threads = this.#cpus.map((hostCpu, index) => {
      const workerData: MemoryThread = {
        hostCpu,
        region: this.#region!.id,
        offset: index * this.#part,
        bytes: this.#part,
      };
      return new Worker(WORKER, { execArgv: [], workerData });
    });
  }

  /** Copied bytes per nanosecond, all threads together. Rejects with ERR_WORKER_DIED. */
  async sample(ms: number): Promise<Sample> {
    const begin = CopyList.ofThisThread().clock() + LEAD_NS;
    const message: MemoryRequest = {
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
    return { value, durationMs: Math.max(...replies.map(({ ns }) => ns)) / 1e6 };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
    this.#region?.close();
  }
}
