/**
 * A span of memory whose bytes are used in turn: when it comes to a byte again, it has passed all others. Where it is
 * several times the last-level cache, each byte is in memory by then, and no time is spent on evicting it.
 */
import { checksum } from '../../lib/memory/copy.js';
import type { Region } from '../../lib/memory/region.js';
import { PAGE_SIZE, roundUp } from '../../lib/units.js';

/** Less than this share of the span is left out at its end; more is read, or its begin would be used too early. */
const LEFT_OUT_SHARE = 1 / 16;

/** Main thread only. Owner: the calling thread. */
export class SpanCursor {
  readonly region: Region;
  readonly #bytes: number;
  #at = 0;
  /** Bytes that were passed since the span was begun, used or not. */
  passedBytes = 0;

  /** `bytes`: the span; the region has a page more, for offsets. */
  constructor(region: Region, bytes: number) {
    this.region = region;
    this.#bytes = bytes;
  }

  /** Returns the offset of a page: the next `bytes` bytes, and a page behind them. `bytes`: at most the span. */
  take(bytes: number): number {
    const left = this.#bytes - this.#at;
    if (bytes > left) {
      if (left > this.#bytes * LEFT_OUT_SHARE) checksum(this.region, this.#at, left);
      this.passedBytes += left;
      this.#at = 0;
    }
    const offset = this.#at;
    const taken = Math.min(roundUp(bytes, PAGE_SIZE), this.#bytes - offset);
    this.#at += taken;
    this.passedBytes += taken;
    return offset;
  }
}
