/**
 * The second copies of a transmit path: from the head of a queue, as long as a send buffer, to slots that go round in a
 * slot pool, so that each slot is as cold as the pool is large. Owner: the main thread.
 */
import { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import { checksum, timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { KIB, MIB } from '../../lib/units.js';

/** Bytes of a packet: the largest one, in two fragments of a socket. */
export const PACKET_BYTES = 64 * KIB;
/** Bytes that lie queued between the two copies of a byte: a send buffer as large as Linux lets it grow by itself. */
export const QUEUE_BYTES = 4 * MIB;
const FRAGMENTS = PACKET_BYTES / FRAG_BYTES;

export class Bounces {
  readonly #poolBytes: number;
  readonly #ns = new Float64Array(1);
  #regions: readonly Region[] = [];
  #packet = 0;
  #slot = 0;
  /** Of the bounces that are to be counted. */
  readonly counts: BatchCounts;
  /** Warnings about this memory; the same for every sample. */
  warnings: readonly Warning[] = [];

  /** `poolBytes`: of the slot pool, a multiple of the largest number of packets in one call, at least twice that. */
  constructor(poolBytes: number, counts = new BatchCounts()) {
    this.#poolBytes = poolBytes;
    this.counts = counts;
  }

  /** Rejects with the reason of `signal` when that aborts it, and with what `Region.create` throws. */
  async open(signal?: AbortSignal): Promise<void> {
    const slots = await createInSlices({ bytes: this.#poolBytes }, Region.attach, signal);
    this.#regions = [slots];
    const [queue, user] = [Region.create({ bytes: QUEUE_BYTES }), Region.create({ bytes: PACKET_BYTES })];
    this.#regions = [slots, queue, user];
    user.view().fill(1);
    for (let at = 0; at < QUEUE_BYTES; at += PACKET_BYTES) this.write(1);
    this.counts.open();
    // What an empty batch counts is learnt at the first one that is counted: here, where nothing is timed.
    this.#rest(this.counts.into(1));
    this.warnings = [unlockedMemory(slots), noHugePages(slots.info())].filter((warning) => warning !== null);
  }

  close(): void {
    this.counts.close();
    for (const region of this.#regions) region.close();
    this.#regions = [];
  }

  get slots(): Region {
    return this.#regions[0]!;
  }

  get #queue(): Region {
    return this.#regions[1]!;
  }

  /** First copies: of users' packets to the tail of the queue, which is where its head will be next. */
  write(packets: number): void {
    const at = (this.#packet * PACKET_BYTES) % QUEUE_BYTES;
    const user = this.#regions[2]!;
    for (let one = 0; one < packets; one++) {
      this.#copy(copyKernelIndex('kernel-like'), user, 0, this.#queue, (at + one * PACKET_BYTES) % QUEUE_BYTES, 1);
    }
    this.#packet = (this.#packet + packets) % (QUEUE_BYTES / PACKET_BYTES);
  }

  /**
   * Second copies of the oldest `packets` packets. Returns nanoseconds, and where in the slots they are now. Packets
   * that were bounced stay in the queue until first copies replace them. `isCounted`: they are added to `counts`.
   */
  bounce(copyKernel: number, packets: number, isCounted = false): { ns: number; offset: number } {
    const bytes = packets * PACKET_BYTES;
    if (this.#slot + bytes > this.#poolBytes) this.#slot = 0;
    const head = (this.#packet * PACKET_BYTES) % QUEUE_BYTES;
    const offset = this.#slot;
    this.#slot += bytes;
    const first = Math.min(packets, (QUEUE_BYTES - head) / PACKET_BYTES);
    const copied = (from: number, to: number, count: number): number => {
      const counted = isCounted ? this.counts.into(1) : undefined;
      const took = this.#copy(copyKernel, this.#queue, from, this.slots, to, count, counted);
      if (isCounted) this.counts.add(0);
      return took;
    };
    let ns = copied(head, offset, first);
    const rest = packets - first;
    if (rest > 0) ns += copied(0, offset + first * PACKET_BYTES, rest);
    return { ns, offset };
  }

  /** The head of the queue moves on without first copies: a bounce beside a neighbour has nothing else to do. */
  advance(packets: number): void {
    this.#packet = (this.#packet + packets) % (QUEUE_BYTES / PACKET_BYTES);
  }

  /** The same call with next to no bytes: what it costs a victim that this program runs at all. */
  rest(): void {
    this.#rest();
  }

  #rest(counted?: Float64Array): void {
    const [, queue, user] = this.#regions;
    const walks = { srcRegion: user!.id, srcSpan: 64, dstRegion: queue!.id, dstSpan: 64 };
    timedCopy({ copyKernel: copyKernelIndex('libc'), bytes: 64, batch: 1, ...walks }, 1, this.#ns, counted);
  }

  /** A device reads every byte of `packets` packets. Returns their checksum. */
  read(offset: number, packets: number): number {
    return readAll(this.slots, offset, packets);
  }

  #copy(
    copyKernel: number,
    src: Region,
    srcOffset: number,
    dst: Region,
    dstOffset: number,
    packets: number,
    counted?: Float64Array,
  ): number {
    const span = packets * PACKET_BYTES;
    const walks = { srcRegion: src.id, srcOffset, srcSpan: span, dstRegion: dst.id, dstOffset, dstSpan: span };
    const copies = { copyKernel, bytes: FRAG_BYTES, batch: packets * FRAGMENTS, ...walks };
    return timedCopy(copies, 1, this.#ns, counted)[0]!;
  }
}

/** Reads every byte of `packets` packets of a region, as devices of the model do. Returns a checksum. Any thread. */
export function readAll(region: Region, offset: number, packets: number): number {
  let sum = 0;
  for (let at = 0; at < packets; at++) sum = checksum(region, offset + at * PACKET_BYTES, PACKET_BYTES, sum);
  return sum;
}
