/**
 * The hot path of all copying: fill a list, then cross into native code once.
 *
 * Owner: the thread, which has one list. Code that fills it also runs it, before any other code of the thread fills it.
 * Nothing here allocates. Native code checks the offset and length of every entry before the first byte moves.
 */

import { type Addon, addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { CopytaxError } from '../errors.js';
import { shown } from '../limits.js';

/** Entries that one list holds. */
export const LIST_CAPACITY = 1024;
/** Sites are 1..7; entries of site 0 are copied and not timed. */
export const MAX_SITE = 7;

// Layout of native/copy/work_list.h, in elements of the two views.
const HEADER_BYTES = 128;
const ENTRY_BYTES = 32;
const NOW = 0;
const CHECKSUM = 8;
const INTS_PER_ENTRY = ENTRY_BYTES / 4;
const DOUBLES_PER_ENTRY = ENTRY_BYTES / 8;
const FIRST_INT = HEADER_BYTES / 4;
const FIRST_DOUBLE = HEADER_BYTES / 8;

let ofThread: CopyList | undefined;

/** A list of copies that one native call makes. Owner: one thread. */
export class CopyList {
  #count = 0;
  #awaits = 0;
  readonly #ints: Int32Array;
  readonly #doubles: Float64Array;
  readonly #copyList: Addon['copyList'];
  readonly #checksumList: Addon['checksumList'];
  readonly #clock: Addon['clock'];
  readonly #relax: Addon['relax'];

  private constructor() {
    const buffer = guarded(() => addon().listAttach());
    this.#ints = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#copyList = addon().copyList;
    this.#checksumList = addon().checksumList;
    this.#clock = addon().clock;
    this.#relax = addon().relax;
  }

  /** The list of the calling thread. @throws ERR_ADDON_NOT_BUILT, ERR_EXTERNAL_MEMORY */
  static ofThisThread(): CopyList {
    ofThread ??= new CopyList();
    return ofThread;
  }

  /** Entries that have been pushed and not run. */
  get count(): number {
    return this.#count;
  }

  /** Forgets all entries. */
  reset(): void {
    this.#count = 0;
  }

  /**
   * Hot path, hence six parameters in the order of memcpy: where to, where from, how many.
   * Appends one copy of `bytes` bytes; false, and nothing appended, when the list holds LIST_CAPACITY already.
   * Neighbouring entries of one site are timed together. Source and destination must not overlap. For checksum() only
   * the source counts.
   * Regions, `bytes` and `site` must be integers of 32 bits, for the list has room for no others; whether they are
   * within the regions of this thread, and the offsets, are checked when the list runs.
   * @throws ERR_OUT_OF_RANGE, and nothing appended, for what is no integer of 32 bits
   */
  push(dstRegion: number, dstOff: number, srcRegion: number, srcOff: number, bytes: number, site: number): boolean {
    const index = this.#count;
    if (index === LIST_CAPACITY) return false;
    if (
      (bytes | 0) !== bytes ||
      (dstRegion | 0) !== dstRegion ||
      (srcRegion | 0) !== srcRegion ||
      (site | 0) !== site
    ) {
      throw notInteger({ bytes, dstRegion, srcRegion, site });
    }
    const int = FIRST_INT + index * INTS_PER_ENTRY;
    const double = FIRST_DOUBLE + index * DOUBLES_PER_ENTRY;
    this.#ints[int] = dstRegion;
    this.#ints[int + 1] = srcRegion;
    this.#doubles[double + 1] = dstOff;
    this.#doubles[double + 2] = srcOff;
    this.#ints[int + 6] = bytes;
    this.#ints[int + 7] = site;
    this.#count = index + 1;
    return true;
  }

  /** Appends a range that is only read: for checksum(). */
  pushSource(region: number, offset: number, bytes: number, site: number): boolean {
    return this.push(region, 0, region, offset, bytes, site);
  }

  /**
   * Copies all entries in order and sets `now` and ns(site); the list stays filled. When any entry is bad (region not
   * attached in this thread, out of bounds, overlap, site), nothing at all is copied.
   * @throws ERR_OUT_OF_RANGE with the entry, or for an index that is no integer; ERR_KERNEL_UNSUPPORTED
   */
  run(copyKernelIndex: number): void {
    if ((copyKernelIndex | 0) !== copyKernelIndex) throw notInteger({ copyKernelIndex });
    const result = this.#copyList(this.#count, copyKernelIndex, this.#awaits);
    this.#awaits = 0;
    if (result !== undefined) this.#throwBadEntry(-result - 1);
  }

  /** Makes the next run() wait until its stores have left the CPU, and time only itself: for a caller that times on. */
  awaitStores(): void {
    this.#awaits = 1;
  }

  /**
   * CRC-32C over the sources in order, continuing from `seed` (0 to begin): 0..2^32-1. Sets `now`.
   * @throws ERR_OUT_OF_RANGE with the entry, or for a seed that is no integer of 32 bits
   */
  checksum(seed: number): number {
    if (seed >>> 0 !== seed && (seed | 0) !== seed) throw notInteger({ seed });
    const result = this.#checksumList(this.#count, seed);
    if (result !== undefined) this.#throwBadEntry(-result - 1);
    return this.#doubles[CHECKSUM]!;
  }

  /**
   * Nanoseconds on the monotonic clock of the process, as of the last native call that stamps it; 0 is its first
   * reading.
   */
  get now(): number {
    return this.#doubles[NOW]!;
  }

  /** Reads the clock once all stores of this thread have left the CPU; sets `now` and returns it. */
  clock(): number {
    this.#clock();
    return this.#doubles[NOW]!;
  }

  /** Waits: `spins` (0..2^20) pause instructions, or, for 0, one yield to the scheduler. Sets `now` and returns it. */
  relax(spins: number): number {
    this.#relax(spins);
    return this.#doubles[NOW]!;
  }

  /**
   * Nanoseconds that the last run() spent on entries of `site` (1..7), until what they stored had left the CPU; stale
   * when it had none. That wait is sampled: one run in 64 waits, and returns the wait times 64. So only sums mean
   * something, except for a run that followed `awaitStores`.
   */
  ns(site: number): number {
    return this.#doubles[site]!;
  }

  #throwBadEntry(entry: number): never {
    const int = FIRST_INT + entry * INTS_PER_ENTRY;
    const double = FIRST_DOUBLE + entry * DOUBLES_PER_ENTRY;
    const details = {
      entry,
      dstRegion: this.#ints[int],
      srcRegion: this.#ints[int + 1],
      dstOff: this.#doubles[double + 1],
      srcOff: this.#doubles[double + 2],
      bytes: this.#ints[int + 6],
      site: this.#ints[int + 7],
    };
    const why = 'is outside the regions of this thread, overlaps itself, or has a bad site';
    const message = `entry ${entry} of the copy list ${why}`;
    throw new CopytaxError('ERR_OUT_OF_RANGE', `${message}: ${JSON.stringify(details)}`, details);
  }
}

/** Says which of the values, the first of several, is no integer of 32 bits. */
function notInteger(values: Readonly<Record<string, number>>): CopytaxError {
  const [name, value] = Object.entries(values).find(([, one]) => (one | 0) !== one)!;
  const message = `${name} must be an integer of 32 bits, not ${shown(value)}`;
  return new CopytaxError('ERR_OUT_OF_RANGE', message, { name, value });
}
