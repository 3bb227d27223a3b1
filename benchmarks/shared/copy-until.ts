/** Copies of one thread until a given time, beside those of others: how concurrent copies are counted. */
import type { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import type { Ledger } from '../../lib/bench/types/ledger-keys.js';
import { timedCopy } from '../../lib/memory/copy.js';
import { CopyList } from '../../lib/memory/copy-list.js';

/** What a thread is asked to copy, and when. */
export interface CopyRequest {
  readonly copyKernel: number;
  /** Size of a copy, bytes. */
  readonly copyBytes: number;
  /** Copies between two looks at the clock. */
  readonly batch: number;
  /** Times of the process-wide clock, nanoseconds, between which copies count. */
  readonly begin: number;
  readonly end: number;
}

/** Where it copies: from a part of a region to another part of it. */
export interface CopyPlaces {
  readonly region: number;
  readonly source: number;
  readonly destination: number;
  /** Length of each of both parts: a multiple of a batch, or of a copy where it is shorter than a batch. */
  readonly spanBytes: number;
}

/** What it copied while copies counted. */
export interface Copied {
  readonly bytes: number;
  readonly ns: number;
  /** What counters say of later copies, per KiB; absent without counters. */
  readonly counted?: Ledger;
  /** Bytes of those. */
  readonly countedBytes?: number;
}

/**
 * Time after the end in which copies are counted, nanoseconds: reading counters between copies would be in their rate.
 * It is the same for all threads, so that they still copy beside each other.
 */
const COUNTED_NS = 2e6;

/**
 * Blocks the thread. Copies that begin before `begin` do not count: by then all threads should have begun. `counts`:
 * counters that this thread has open.
 */
export function copyUntil(
  request: CopyRequest,
  { region, source, destination, spanBytes }: CopyPlaces,
  counts?: BatchCounts,
): Copied {
  const { copyKernel, copyBytes, batch, begin, end } = request;
  const clock = CopyList.ofThisThread();
  const step = Math.min(copyBytes * batch, spanBytes);
  const spans = { dstRegion: region, srcRegion: region, dstSpan: step, srcSpan: step };
  const ns = new Float64Array(1);
  let at = 0;
  const copyOn = (counted?: Float64Array) => {
    const places = { srcOffset: source + at, dstOffset: destination + at };
    timedCopy({ copyKernel, bytes: copyBytes, batch, ...spans, ...places }, 1, ns, counted);
    at = (at + step) % spanBytes;
  };
  while (clock.clock() < begin) copyOn();
  const started = clock.clock();
  let copied = 0;
  do {
    copyOn();
    copied += copyBytes * batch;
  } while (clock.clock() < end);
  const timed = { bytes: copied, ns: clock.now - started };
  if (counts === undefined || counts.keys.length === 0) return timed;
  let countedBytes = 0;
  do {
    copyOn(counts.into(1));
    counts.add(0);
    countedBytes += copyBytes * batch;
  } while (clock.clock() < end + COUNTED_NS);
  return { ...timed, counted: counts.ledger(countedBytes), countedBytes };
}
