/**
 * Memory of both sides of a copy, and how it gets into a state before the copy is timed. What evicts comes first, what
 * makes hot last, so that the state of one side does not spoil that of the other.
 */
import type { Worker } from 'node:worker_threads';
import { BatchCounts, COUNTED_WITH_TIME_BYTES } from '../../lib/bench/counters/batch-counts.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import type { Ledger } from '../../lib/bench/types/ledger-keys.js';
import { checksum, copy, flush, timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { PAGE_SIZE, roundUp } from '../../lib/units.js';
import { type DestinationState, SAMPLE_BYTES, type SourceState, type Spans } from './copy-states.js';
import type { Offsets } from './offsets.js';
import { SpanCursor } from './span-cursor.js';
import type { StateWriter, Written } from './state-writer.js';

const writerFile = () => new URL('./state-writer.js', import.meta.url);
/** Times of nothing that are taken: their median has no interrupt. */
const EMPTY_TIMES = 9;
/** Copies before the timed ones, elsewhere: they make the instructions warm. */
const WARM_BYTES = 2 * PAGE_SIZE;

/** What is copied. */
export interface Copies {
  /** Index of the copy kernel. */
  readonly kernel: number;
  readonly size: number;
  readonly batch: number;
  readonly from: SourceState;
  readonly to: DestinationState;
}

/** A side of the copies: hot ones have one place for all. */
interface Side {
  readonly state: DestinationState;
  readonly region: Region;
  readonly offset: number;
  readonly span: number;
}

/** Main thread only. Owner: the calling thread; one sample at a time. */
export class SurfaceRig {
  readonly #spans: Spans;
  readonly #nearBytes: number;
  readonly #cpu: number;
  readonly #otherCpu: number | null;
  readonly #ns = new Float64Array(EMPTY_TIMES);
  #regions: Region[] = [];
  #far: Record<'source' | 'destination', SpanCursor> | undefined;
  #writer: Worker | undefined;
  /** Of all copies on this thread, also of those between pages of each size. */
  readonly counts: BatchCounts;
  /** Warnings about this memory; the same for every sample. */
  warnings: readonly Warning[] = [];

  /** `hotBytes`: of the largest hot copy. CPUs are those of the host; `otherCpu` is null where there is one only. */
  constructor(spans: Spans, hotBytes: number, cpu: number, otherCpu: number | null, counts = new BatchCounts()) {
    this.counts = counts;
    this.#spans = spans;
    this.#nearBytes = 2 * Math.max(hotBytes, SAMPLE_BYTES) + 2 * PAGE_SIZE;
    this.#cpu = cpu;
    this.#otherCpu = otherCpu;
  }

  async open(signal?: AbortSignal): Promise<void> {
    pinIfAllowed(this.#cpu);
    this.counts.open();
    const { memoryBytes, l2, llc } = this.#spans;
    const far = memoryBytes + 2 * PAGE_SIZE;
    const walk = Math.max(l2?.walkBytes ?? 0, llc?.walkBytes ?? 0, SAMPLE_BYTES) + WARM_BYTES;
    for (const bytes of [far, far, this.#nearBytes, this.#nearBytes, walk]) {
      this.#regions.push(await createInSlices({ bytes }, Region.attach, signal));
    }
    const [source, destination] = this.#regions as [Region, Region];
    this.#far = {
      source: new SpanCursor(source, memoryBytes),
      destination: new SpanCursor(destination, memoryBytes),
    };
    // What an empty batch counts is learnt at the first one: here, where no copy waits for it in a state.
    this.#emptyNs(this.counts.into(EMPTY_TIMES));
    this.warnings = [unlockedMemory(destination), noHugePages(destination.info())].filter((one) => one !== null);
    if (this.#otherCpu === null) return;
    const workerData: StateWriter = { hostCpu: this.#otherCpu, regions: this.#regions.map(({ id }) => id) };
    this.#writer = startThread(writerFile(), { workerData });
  }

  async close(): Promise<void> {
    this.counts.close();
    await this.#writer?.terminate();
    for (const region of this.#regions.splice(0)) region.close();
  }

  /**
   * Prepares both sides and copies, `repeats` times. Returns the time of all batches without reading the clock,
   * nanoseconds, and what counters say of them or, where few bytes are copied, of as many others. Rejects with
   * ERR_WORKER_DIED.
   */
  async sample(
    copies: Copies,
    repeats: number,
    offsets: Offsets,
    next: Random,
  ): Promise<{ ns: number; counted: Ledger }> {
    const bytes = copies.size * copies.batch;
    const isApart = bytes < COUNTED_WITH_TIME_BYTES && this.counts.keys.length > 0;
    let ns = 0;
    for (let repeat = 0; repeat < repeats; repeat++) ns += await this.run(copies, offsets, next, !isApart);
    for (let repeat = 0; isApart && repeat < repeats; repeat++) await this.run(copies, offsets, next, true);
    return { ns, counted: this.counts.ledger(repeats * bytes) };
  }

  /**
   * Prepares both sides and copies. Returns the time of the batch without reading the clock, nanoseconds. Rejects with
   * ERR_WORKER_DIED.
   */
  async run(copies: Copies, offsets: Offsets, next: Random, isCounted: boolean): Promise<number> {
    const { from, to } = copies;
    using fresh = to === 'first touch' ? this.#fresh(copies) : null;
    const source = this.#side('source', from, copies, offsets.source, next);
    const destination =
      fresh === null
        ? this.#side('destination', to, copies, offsets.destination, next)
        : { state: to, region: fresh, offset: offsets.destination, span: walkedBytes(copies) };
    await this.prepare([source, destination], copies.kernel);
    const empty = this.#emptyNs();
    const isHot = from === 'hot' && to === 'hot';
    const walk = { bytes: copies.size, batch: copies.batch, ...sidesOf(source, destination) };
    if (to === 'hot' && !isHot) this.#heat(destination, copies);
    if (from === 'hot' && !isHot) checksum(source.region, source.offset, source.span);
    // Where both sides are hot, the first batch made them so.
    const samples = isHot ? 2 : 1;
    const counted = isCounted ? this.counts.into(samples) : undefined;
    const ns = timedCopy({ copyKernel: copies.kernel, ...walk }, samples, this.#ns, counted)[samples - 1]!;
    if (isCounted) this.counts.add(samples - 1);
    return ns - empty;
  }

  /** Brings sides that are not hot into their states. */
  async prepare(sides: readonly Side[], kernel: number): Promise<void> {
    const { l2, llc } = this.#spans;
    const of = (state: DestinationState) => sides.filter((side) => side.state === state);
    const walk = this.#regions[4]!;
    const written: Written = of('other core').map(({ region, offset, span }) => ({
      region: region.id,
      offset,
      bytes: span,
    }));
    if (written.length > 0) await request<number>(this.#writer!, written, 'the writer of another CPU');
    for (const { region, offset, span } of of('flushed')) flush(region, offset, span);
    const evict = (state: DestinationState, walkBytes: number) => {
      const those = of(state);
      for (const { region, offset, span } of those) checksum(region, offset, span);
      if (those.length > 0) checksum(walk, 0, walkBytes);
    };
    evict('LLC', llc?.walkBytes ?? 0);
    evict('L2', l2?.walkBytes ?? 0);
    copy(walk, walk.bytes - PAGE_SIZE, walk, walk.bytes - WARM_BYTES, PAGE_SIZE, kernel);
  }

  #fresh(copies: Copies): Region {
    return Region.create({
      bytes: walkedBytes(copies) + PAGE_SIZE,
      populate: false,
      lock: 'no',
      hugePages: 'never',
    });
  }

  #side(which: 'source' | 'destination', state: DestinationState, copies: Copies, within: number, next: Random): Side {
    const span = state === 'hot' ? roundUp(copies.size, 64) : walkedBytes(copies);
    if (state === 'memory') {
      const cursor = this.#far![which];
      return {
        state,
        region: cursor.region,
        offset: cursor.take(Math.min(span, this.#spans.memoryBytes)) + within,
        span,
      };
    }
    const region = this.#regions[which === 'source' ? 2 : 3]!;
    const room = Math.floor((region.bytes - span) / PAGE_SIZE);
    return { state, region, offset: randomInt(next, room) * PAGE_SIZE + within, span };
  }

  /** Copies to a side as it is copied to later, from other memory. */
  #heat({ region, offset, span }: Side, { kernel, size }: Copies): void {
    const walk = this.#regions[4]!;
    const sides = { dstRegion: region.id, dstOffset: offset, dstSpan: span, srcRegion: walk.id, srcSpan: span };
    timedCopy({ copyKernel: kernel, bytes: size, batch: 2, ...sides }, 1, this.#ns);
  }

  /** What reading the clock and waiting for stores takes by itself. */
  #emptyNs(counted?: Float64Array): number {
    const walk = this.#regions[4]!.id;
    const one = { bytes: 1, batch: 1, srcRegion: walk, srcSpan: 1, dstRegion: walk, dstOffset: 64, dstSpan: 1 };
    const times = timedCopy({ copyKernel: copyKernelIndex('libc'), ...one }, EMPTY_TIMES, this.#ns, counted);
    return times.toSorted()[EMPTY_TIMES >> 1]!;
  }
}

function walkedBytes({ size, batch }: Copies): number {
  return roundUp(size, 64) * batch;
}

function sidesOf(source: Side, destination: Side) {
  return {
    srcRegion: source.region.id,
    srcOffset: source.offset,
    srcSpan: source.span,
    dstRegion: destination.region.id,
    dstOffset: destination.offset,
    dstSpan: destination.span,
  };
}
