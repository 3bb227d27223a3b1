/** Copies of one thread until a given time, beside those of others: how concurrent copies are counted. */
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
}

/** Blocks the thread. Copies that begin before `begin` do not count: by then all threads should have begun. */
export function copyUntil(request: CopyRequest, { region, source, destination, spanBytes }: CopyPlaces): Copied {
  const { copyKernel, copyBytes, batch, begin, end } = request;
  const clock = CopyList.ofThisThread();
  const step = Math.min(copyBytes * batch, spanBytes);
  const spans = { dstRegion: region, srcRegion: region, dstSpan: step, srcSpan: step };
  const ns = new Float64Array(1);
  let at = 0;
  const copyOn = () => {
    const places = { srcOffset: source + at, dstOffset: destination + at };
    timedCopy({ copyKernel, bytes: copyBytes, batch, ...spans, ...places }, 1, ns);
    at = (at + step) % spanBytes;
  };
  while (clock.clock() < begin) copyOn();
  const started = clock.clock();
  let copied = 0;
  do {
    copyOn();
    copied += copyBytes * batch;
  } while (clock.clock() < end);
  return { bytes: copied, ns: clock.now - started };
}
