/**
 * The copies of a replay, made in memory of this host and timed in native code, by their size: one native call for
 * each, as Linux makes each by itself. Beside them stands what that call costs, and the search for slots.
 * Owner: one thread, whose copy list it uses.
 */
import { type Summary, summarize } from '../../bench/statistics/statistics.js';
import { CopyList } from '../../memory/copy-list.js';
import { Region } from '../../memory/region.js';
import { KIB, MIB, SEGMENT_BYTES, SLOT_SIZE } from '../../units.js';

/** Classes of sizes, by the most bytes of each: headers, packets of an Ethernet, pages, and pieces of large sends. */
export const SIZE_CLASSES: readonly number[] = [256, 2 * KIB, 4 * KIB, 16 * KIB, 64 * KIB, SEGMENT_BYTES];
/** Buffers lie as far apart as their addresses do, in a window of this size. */
const WINDOW_BYTES = 32 * MIB;
/** Copies of a class in a part of the replay without which its mean says nothing. */
const FEWEST_OF_PART = 8;
/** Parts are put together in pairs when there are as many. */
const MOST_PARTS = 512;
const CALLS = 400;
const ROUNDS = 21;

interface Part {
  ns: number;
  copies: number;
}

/** What copies of one class cost. */
export interface ClassCost {
  /** Most bytes of a copy of the class. */
  readonly upToBytes: number;
  /** How many there were. */
  readonly copies: number;
  /** Of all of them. */
  readonly bytes: number;
  /** Nanoseconds of a copy: the mean of all, with what a busy host added to some. */
  readonly meanNs: number;
  /** Nanoseconds of a copy, over parts of the replay; null if too few were made. */
  readonly nsPerCopy: Summary | null;
}

export function classOf(bytes: number): number {
  const found = SIZE_CLASSES.findIndex((most) => bytes <= most);
  return found < 0 ? SIZE_CLASSES.length - 1 : found;
}

export class CopyCosts {
  readonly #pool: Region;
  readonly #buffers: Region;
  readonly #copyKernel: number;
  readonly #list = CopyList.ofThisThread();
  readonly #copies = SIZE_CLASSES.map(() => 0);
  readonly #bytes = SIZE_CLASSES.map(() => 0);
  readonly #ns = SIZE_CLASSES.map(() => 0);
  readonly #parts: Part[][] = SIZE_CLASSES.map(() => []);
  readonly #part: Part[] = SIZE_CLASSES.map(() => ({ ns: 0, copies: 0 }));
  /** Nanoseconds of all copies. */
  totalNs = 0;
  /** Where the next buffer lies whose address is not told. */
  #next = 0;

  /** `pool`: memory of the slots; `buffers`: made by `bufferWindow`. The caller owns both. */
  constructor(pool: Region, buffers: Region, copyKernel: number) {
    this.#pool = pool;
    this.#buffers = buffers;
    this.#copyKernel = copyKernel;
  }

  /** Makes the memory of the buffers. @throws as `Region.create` does */
  static bufferWindow(): Region {
    return Region.create({ bytes: WINDOW_BYTES + SEGMENT_BYTES, lock: 'try' });
  }

  /** Copies between a buffer and its slots. `address` of the buffer may be null. */
  copy(toSlots: boolean, address: number | null, inPool: number, bytes: number): void {
    const inBuffers = address === null ? this.#advance(bytes) : address % WINDOW_BYTES;
    const list = this.#list;
    const which = classOf(bytes);
    list.reset();
    if (toSlots) list.push(this.#pool.id, inPool, this.#buffers.id, inBuffers, bytes, which + 1);
    else list.push(this.#buffers.id, inBuffers, this.#pool.id, inPool, bytes, which + 1);
    // Otherwise only one copy in 64 would wait for its stores, on behalf of all.
    list.awaitStores();
    list.run(this.#copyKernel);
    const ns = list.ns(which + 1);
    this.#copies[which]!++;
    this.#bytes[which]! += bytes;
    this.#ns[which]! += ns;
    const part = this.#part[which]!;
    part.ns += ns;
    part.copies++;
    this.totalNs += ns;
  }

  /** Ends a part of the replay, whose means are one sample of each class. */
  endPart(): void {
    for (const [which, part] of this.#part.entries()) {
      if (part.copies < FEWEST_OF_PART) continue;
      const parts = this.#parts[which]!;
      parts.push(part);
      this.#part[which] = { ns: 0, copies: 0 };
      if (parts.length === MOST_PARTS) this.#parts[which] = paired(parts);
    }
  }

  /** What copies cost, by class; only those of which there were some. */
  classes(): ClassCost[] {
    return SIZE_CLASSES.map((upToBytes, which) => ({
      upToBytes,
      copies: this.#copies[which]!,
      bytes: this.#bytes[which]!,
      meanNs: this.#ns[which]! / this.#copies[which]!,
      nsPerCopy: summaryOf(this.#parts[which]!),
    })).filter(({ copies }) => copies > 0);
  }

  /**
   * Nanoseconds of a native call beyond the copy in it, and of a copy of one byte, which is nearly all that timing adds
   * to a copy: two readings of the clock, and waiting for its stores.
   */
  overhead(): { callNs: Summary; oneByteNs: Summary } {
    const list = this.#list;
    const samples = Array.from({ length: ROUNDS }, () => {
      let inCopies = 0;
      const before = list.clock();
      for (let call = 0; call < CALLS; call++) {
        list.reset();
        list.push(this.#pool.id, 0, this.#buffers.id, 0, 1, 1);
        list.awaitStores();
        list.run(this.#copyKernel);
        inCopies += list.ns(1);
      }
      return { call: Math.max(0, list.clock() - before - inCopies) / CALLS, oneByte: inCopies / CALLS };
    }).slice(1);
    return {
      callNs: summarize(samples.map(({ call }) => call)),
      oneByteNs: summarize(samples.map(({ oneByte }) => oneByte)),
    };
  }

  /** Nanoseconds since the process began to use the clock. */
  now(): number {
    return this.#list.clock();
  }

  #advance(bytes: number): number {
    const at = this.#next;
    this.#next = (at + Math.ceil(bytes / SLOT_SIZE) * SLOT_SIZE) % WINDOW_BYTES;
    return at;
  }
}

function paired(parts: readonly Part[]): Part[] {
  return parts
    .filter((_, at) => at % 2 === 0)
    .map(({ ns, copies }, at) => {
      const next = parts[2 * at + 1]!;
      return { ns: ns + next.ns, copies: copies + next.copies };
    });
}

function summaryOf(parts: readonly Part[]): Summary | null {
  return parts.length === 0 ? null : summarize(parts.map(({ ns, copies }) => ns / copies));
}
