/**
 * Where a physical address of a machine lies: in the region that is its memory, or in another region, which the machine
 * sees through a window behind its memory. Copies and checksums name a region and an offset, devices an address.
 * Models: the memory of other devices, behind that of the host in its physical address space.
 * Threads: each has its own object, over one column that all share; it attaches a region when it first meets an address
 * in it. `open` and `close` by one thread at a time.
 */
import { CopytaxError } from '../errors.js';
import { Region } from './region.js';
import { MAX_REGION_BYTES } from './region-spec.js';

/** Address of the first window: higher than any address of a machine's own memory. */
export const FIRST_WINDOW = 2 ** 40;
/** From one window to the next; the largest region fits. */
const WINDOW_BYTES = MAX_REGION_BYTES;
const CLOSED = 0;

/** Where regions beside a machine's memory lie in its physical addresses. Owner: one thread, over a shared column. */
export class RegionWindows {
  readonly #ids: Int32Array;
  readonly #opened: Int32Array;
  /** The regions as this thread has attached them. */
  readonly #attached: (Region | undefined)[] = [];

  /** The place that `locate` has found: a region that this thread is attached to, and an offset in it. */
  region = 0;
  /** Offset in that region. */
  offset = 0;

  /** `column`: shared, with two words for each window: the id of its region, and how often that was opened. */
  constructor(column: Int32Array) {
    this.#ids = column.subarray(0, column.length / 2);
    this.#opened = column.subarray(column.length / 2);
  }

  /** Closes all windows. One thread, before any other uses them. */
  reset(): void {
    this.#ids.fill(CLOSED);
    this.#opened.fill(0);
  }

  /**
   * Gives a region a window: that which it has, or the first that is closed. Returns its address.
   * @throws ERR_OUT_OF_RANGE when all are open
   */
  open(region: Region): number {
    const known = this.#ids.indexOf(region.id);
    const window = known >= 0 ? known : this.#ids.indexOf(CLOSED);
    if (window < 0) {
      throw new CopytaxError(
        'ERR_OUT_OF_RANGE',
        `a machine sees at most ${this.#ids.length} regions beside its memory`,
      );
    }
    this.#attached[window] = region;
    this.#opened[window] = this.#opened[window]! + 1;
    Atomics.store(this.#ids, window, region.id);
    return FIRST_WINDOW + window * WINDOW_BYTES;
  }

  /** Undoes `open`. The last time no CPU may use the window any more. */
  close(address: number): void {
    const window = windowOf(address);
    this.#opened[window] = this.#opened[window]! - 1;
    if (this.#opened[window] !== 0) return;
    this.#attached[window] = undefined;
    Atomics.store(this.#ids, window, CLOSED);
  }

  /**
   * Finds the region and the offset of an address behind a machine's own memory, and attaches this thread.
   * @throws ERR_BAD_ADDRESS, ERR_REGION_CLOSED
   */
  locate(address: number): void {
    const window = windowOf(address);
    this.region = this.#ids[window] ?? CLOSED;
    if (this.region === CLOSED) {
      throw new CopytaxError('ERR_BAD_ADDRESS', `no region lies at address ${address}`, { address });
    }
    if (this.#attached[window]?.id !== this.region) this.#attached[window] = Region.attach(this.region);
    this.offset = address - FIRST_WINDOW - window * WINDOW_BYTES;
  }
}

function windowOf(address: number): number {
  return Math.floor((address - FIRST_WINDOW) / WINDOW_BYTES);
}
