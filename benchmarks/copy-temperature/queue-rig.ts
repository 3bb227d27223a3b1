/**
 * A queue between two copies. First copies bring a user's bytes to the queue, second copies take the oldest of them to
 * slots, as a transmit path does that bounces. Between the first and the second copy of a byte lie as many copied bytes
 * as the queue is long: what is written behind it, and what is read before it.
 *
 * Only second copies are timed. The user's buffer is hot, as one that was just written, and slots are used again at
 * once, as the search for slots finds them: what differs is how cold the queue is.
 */
import type { Worker } from 'node:worker_threads';
import { BatchCounts, COUNTED_WITH_TIME_BYTES } from '../../lib/bench/counters/batch-counts.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import type { Ledger } from '../../lib/bench/types/ledger-keys.js';
import { flush, type TimedCopyOptions, timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { PAGE_SIZE } from '../../lib/units.js';
import { PACKET_BYTES, type QueuePlan, SLOT_BYTES } from './queue-sizes.js';
import type { QueueWriter } from './queue-writer.js';

const writerFile = () => new URL('./queue-writer.js', import.meta.url);

/**
 * Who wrote the queue. `aged`: the same core, and all caches have lost it since, as when programs use them meanwhile.
 */
export const WRITERS = ['same core', 'another core', 'aged'] as const;
export type Writer = (typeof WRITERS)[number];

const OFFSET_STEP = 64;
const OFFSETS = 64;
const SLACK_BYTES = OFFSETS * OFFSET_STEP;
/** Times of nothing that are taken: their median has no interrupt. */
const EMPTY_TIMES = 9;
/** Times that copies are counted where that is not done while they are timed. */
const COUNTED_APART = 8;

/** What a sample measured. */
export interface SecondCopies {
  /** Of all timed second copies, without reading the clock, nanoseconds. */
  readonly ns: number;
  /** Bytes that they copied. */
  readonly bytes: number;
  /** Between two readings of the clock, nanoseconds. */
  readonly timedNs: number;
  /** What counters say of second copies, per KiB. */
  readonly counted: Ledger;
  /** Where the queue begins, relative to the slots, within a page. */
  readonly offsetBytes: number;
}

/** Main thread only. Owner: the calling thread; one sample at a time. */
export class QueueRig {
  readonly #queueBytes: number;
  readonly #cpu: number;
  readonly #otherCpu: number | null;
  readonly #ns = new Float64Array(EMPTY_TIMES);
  #queue: Region | undefined;
  #user: Region | undefined;
  #slots: Region | undefined;
  #writer: Worker | undefined;
  readonly counts = new BatchCounts();
  /** Warnings about this memory; the same for every sample. */
  warnings: readonly Warning[] = [];

  /** `queueBytes`: of the longest queue. CPUs are those of the host; `otherCpu` is null where there is one only. */
  constructor(queueBytes: number, cpu: number, otherCpu: number | null) {
    this.#queueBytes = queueBytes;
    this.#cpu = cpu;
    this.#otherCpu = otherCpu;
  }

  /** Rejects with the reason of `signal` when that aborts it, and with what `Region.create` throws. */
  async open(signal?: AbortSignal): Promise<void> {
    pinIfAllowed(this.#cpu);
    this.counts.open();
    this.#queue = await createInSlices({ bytes: this.#queueBytes + SLACK_BYTES }, Region.attach, signal);
    this.#user = Region.create({ bytes: PACKET_BYTES });
    this.#slots = Region.create({ bytes: SLOT_BYTES });
    const { queue } = this;
    this.warnings = [unlockedMemory(queue), noHugePages(queue.info())].filter((warning) => warning !== null);
    if (this.#otherCpu === null) return;
    const workerData: QueueWriter = { hostCpu: this.#otherCpu, regions: [queue.id, this.#user.id] };
    this.#writer = startThread(writerFile(), { workerData });
  }

  async close(): Promise<void> {
    this.counts.close();
    await this.#writer?.terminate();
    for (const region of [this.#queue, this.#user, this.#slots]) region?.close();
  }

  get queue(): Region {
    return this.#queue!;
  }

  /** What users wrote: first copies read it. */
  get user(): Region {
    return this.#user!;
  }

  /** What second copies write, from its begin on. */
  get slots(): Region {
    return this.#slots!;
  }

  /**
   * Writes queues of `queued` bytes and copies their heads. `next` decides where in the memory of the queue they lie,
   * for a copy between addresses that are equal modulo 4 KiB can be slower than any other. Rejects with
   * ERR_WORKER_DIED.
   */
  async run(copyKernel: number, writer: Writer, queued: number, plan: QueuePlan, next: Random): Promise<SecondCopies> {
    const { unitBytes, timedBytes, repeats, warms } = plan;
    const offsetBytes = randomInt(next, OFFSETS) * OFFSET_STEP;
    const room = Math.floor((this.queue.bytes - SLACK_BYTES - queued) / PAGE_SIZE) + 1;
    const at = randomInt(next, room) * PAGE_SIZE + offsetBytes;
    const first: TimedCopyOptions = {
      // What Linux copies from users with. One that bypasses the caches would leave nothing warm.
      copyKernel: copyKernelIndex('kernel-like'),
      bytes: unitBytes,
      batch: queued / unitBytes,
      srcRegion: this.user.id,
      srcSpan: PACKET_BYTES,
      dstRegion: this.queue.id,
      dstOffset: at,
      dstSpan: queued,
    };
    const empty = this.#emptyNs();
    const isApart = timedBytes < COUNTED_WITH_TIME_BYTES;
    const apart = isApart && this.counts.keys.length > 0 ? Math.min(COUNTED_APART, repeats) : 0;
    let ns = 0;
    let slot = 0;
    for (let repeat = warms ? -1 : 0; repeat < repeats + apart; repeat++) {
      if (writer === 'another core') await request<number>(this.#writer!, first, 'the writer of queues');
      else timedCopy(first, 1, this.#ns);
      if (writer === 'aged') flush(this.queue.id, at, 2 * timedBytes);
      const isCounted = isApart ? repeat >= repeats : repeat >= 0;
      const took = this.#secondNs(copyKernel, at, slot, plan, isCounted);
      slot = slot + 4 * timedBytes > SLOT_BYTES ? 0 : slot + 2 * timedBytes;
      if (repeat >= 0 && repeat < repeats) ns += took;
    }
    const counted = this.counts.ledger((isApart ? apart : repeats) * timedBytes);
    return { ns: ns - repeats * empty, bytes: repeats * timedBytes, timedNs: ns / repeats, counted, offsetBytes };
  }

  #secondNs(copyKernel: number, at: number, slot: number, plan: QueuePlan, isCounted: boolean): number {
    const { unitBytes, timedBytes } = plan;
    const second: TimedCopyOptions = {
      copyKernel,
      bytes: unitBytes,
      batch: timedBytes / unitBytes,
      srcRegion: this.queue.id,
      srcOffset: at,
      srcSpan: 2 * timedBytes,
      dstRegion: this.slots.id,
      dstOffset: slot,
      dstSpan: 2 * timedBytes,
    };
    const took = timedCopy(second, 2, this.#ns, isCounted ? this.counts.into(2) : undefined)[1]!;
    if (isCounted) this.counts.add(1);
    return took;
  }

  /** What reading the clock and waiting for stores takes by itself: much of the time of the smallest copies. */
  #emptyNs(): number {
    const slots = this.slots.id;
    const one = { bytes: 1, batch: 1, srcRegion: slots, srcSpan: 1, dstRegion: slots, dstOffset: 64, dstSpan: 1 };
    const times = timedCopy({ copyKernel: copyKernelIndex('libc'), ...one }, EMPTY_TIMES, this.#ns);
    return times.toSorted()[EMPTY_TIMES >> 1]!;
  }
}
