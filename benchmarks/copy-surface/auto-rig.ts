/**
 * What `auto` chooses, beside every copy kernel, under the conditions that it decides for: a source that was just
 * written, and a destination that the same copy kernel wrote before and that left the L2 cache since. Each has memory
 * of its own and goes through it until the caches are as they will be again and again. Then all take turns, chunk by
 * chunk, so that a disturbance meets them all; and that once more in the memory of others, because no two pieces of it
 * are alike. docs/design/0037 tells why.
 */
import { timedCopy } from '../../lib/memory/copy.js';
import {
  type ChoiceMemory,
  LARGEST_CHOSEN_BYTES,
  lowerQuartile,
  measuredChoice,
  openChoiceMemory,
} from '../../lib/memory/copy-kernel-choice.js';
import { allCopyKernels, COPY_KERNEL_NAMES } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { MIB, PAGE_SIZE, roundUp } from '../../lib/units.js';

/** Shared by those that are compared: all together beyond an L2 cache, and within what a guest has of the next one. */
const SPAN_BYTES = 8 * MIB;
const DESTINATION_BYTES = 64 * MIB;
/** The source at any offset in a page, and behind it what is written there. */
const ORIGIN_OFFSET = LARGEST_CHOSEN_BYTES + PAGE_SIZE;
const CHUNK_BYTES = 256 * 1024;
const OFFSET_STEP = 64;
/** Those that take this much longer by a few turns are compared no further: times are far from settled then. */
const FAR_BEHIND = 2.5;
const FEW_LAPS = 4;
const FEW_TURNS = 4;
/** In memory that was not used lately: for so long times still fell, and not all of them as much. */
const FIRST_LAPS = 12;
/** In the memory of another one. A copy kernel that writes whole lines needs several laps, too. */
const SETTLING_LAPS = 4;
/** Of each in each of two pieces of memory. */
const TURNS = 24;
const LIBC = COPY_KERNEL_NAMES.indexOf('libc');

/** What was measured of a size in a round. */
export interface Examined {
  /** Index of the copy kernel that `auto` chose. */
  readonly chosen: number;
  /** Nanoseconds of a copy, by index of the copy kernel: means of the lower quartiles in both pieces of memory. */
  readonly ns: ReadonlyMap<number, number>;
  /** Nanoseconds of all its timed turns, by index of the copy kernel. */
  readonly timedNs: ReadonlyMap<number, number>;
}

/** Main thread only. Owner: the calling thread. */
export class AutoRig {
  readonly #choose: (bytes: number) => number;
  readonly #ns = new Float64Array(1);
  /** By size: what was measured last, and the copy kernels that have asked for it. */
  readonly #rounds = new Map<number, { examined: Examined; asked: Set<number> }>();
  #choiceMemory: ChoiceMemory | undefined;
  #source: Region | undefined;
  #destination: Region | undefined;

  /** `choose`: returns the index of the copy kernel for copies of a size, bytes. */
  constructor(choose?: (bytes: number) => number) {
    this.#choose = choose ?? ((bytes) => measuredChoice(bytes, this.#choiceMemory).chosen);
  }

  open(): void {
    this.#choiceMemory = openChoiceMemory();
    this.#source = Region.create({ bytes: ORIGIN_OFFSET + LARGEST_CHOSEN_BYTES });
    this.#destination = Region.create({ bytes: DESTINATION_BYTES, lock: 'no' });
  }

  close(): void {
    this.#choiceMemory?.source.close();
    this.#choiceMemory?.destination.close();
    this.#source?.close();
    this.#destination?.close();
  }

  /**
   * Returns what was measured of a size in this round, for the comparison with copy kernel `other`: a new round begins
   * when it asks again. In each round `auto` chooses anew, as every process does that begins, and all copy kernels are
   * measured right after that: what a choice is worth must not hang on what one process has met.
   */
  examined(size: number, other: number, next: Random): Examined {
    const last = this.#rounds.get(size);
    if (last !== undefined && !last.asked.has(other)) {
      last.asked.add(other);
      return last.examined;
    }
    const examined = { chosen: this.#choose(size), ...this.#times(size, next) };
    this.#rounds.set(size, { examined, asked: new Set([other]) });
    return examined;
  }

  #times(size: number, next: Random): Omit<Examined, 'chosen'> {
    const ns = new Map<number, number>();
    const timedNs = new Map<number, number>();
    const compare = (rivals: readonly number[], firstLaps: number, turns: number, pieces: number) => {
      const part = partOf(size, rivals.length);
      const spanBytes = rivals.length * part.bytes;
      const base = randomInt(next, (DESTINATION_BYTES - spanBytes) / PAGE_SIZE + 1) * PAGE_SIZE;
      const quartiles: number[][] = rivals.map(() => []);
      for (let piece = 0; piece < pieces; piece++) {
        const placeOf = (at: number) => base + ((at + piece) % rivals.length) * part.bytes;
        this.#settle(rivals, part, placeOf, piece === 0 ? firstLaps : SETTLING_LAPS);
        for (const [at, times] of this.#turns(rivals, part, placeOf, turns, next).entries()) {
          quartiles[at]!.push(lowerQuartile(times) / part.batch);
          timedNs.set(rivals[at]!, sumOf(times) + (timedNs.get(rivals[at]!) ?? 0));
        }
      }
      for (const [at, all] of quartiles.entries()) ns.set(rivals[at]!, sumOf(all) / pieces);
    };
    const all = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));
    compare(all, FEW_LAPS, FEW_TURNS, 1);
    const best = Math.min(...ns.values());
    const near = all.filter((index) => ns.get(index)! <= FAR_BEHIND * best);
    compare(near, FIRST_LAPS, TURNS, 2);
    return { ns, timedNs };
  }

  /** Lap by lap: the last one to settle would have more of the last-level cache. */
  #settle(rivals: readonly number[], part: Part, placeOf: (at: number) => number, laps: number): void {
    for (let lap = 0; lap < laps; lap++) {
      for (const at of order(rivals.length, lap)) {
        this.#copies(rivals[at]!, part.size, placeOf(at), part.bytes, Math.floor(part.bytes / part.step), 0);
      }
    }
  }

  /** Returns nanoseconds of each turn of each rival. */
  #turns(
    rivals: readonly number[],
    part: Part,
    placeOf: (at: number) => number,
    turns: number,
    next: Random,
  ): number[][] {
    const times: number[][] = rivals.map(() => []);
    for (let turn = 0; turn < turns; turn++) {
      const srcOffset = randomInt(next, PAGE_SIZE / OFFSET_STEP) * OFFSET_STEP;
      const chunk = (turn * part.chunkBytes) % part.bytes;
      for (const at of order(rivals.length, turn)) {
        this.#writeSource(part.size, srcOffset);
        const span = part.batch * part.step;
        times[at]!.push(this.#copies(rivals[at]!, part.size, placeOf(at) + chunk, span, part.batch, srcOffset));
      }
    }
    return times;
  }

  /** Returns nanoseconds of `batch` copies, which go through `dstSpan` bytes. */
  #copies(
    copyKernel: number,
    bytes: number,
    dstOffset: number,
    dstSpan: number,
    batch: number,
    srcOffset: number,
  ): number {
    const from = { srcRegion: this.#source!.id, srcOffset, srcSpan: bytes };
    const to = { dstRegion: this.#destination!.id, dstOffset, dstSpan };
    return timedCopy({ copyKernel, bytes, batch, ...from, ...to }, 1, this.#ns)[0]!;
  }

  /** As a sender does before each copy: else one that leaves the source in a cache would help the next one. */
  #writeSource(bytes: number, dstOffset: number): void {
    const from = { srcRegion: this.#source!.id, srcOffset: ORIGIN_OFFSET, srcSpan: bytes };
    const to = { dstRegion: this.#source!.id, dstOffset, dstSpan: bytes };
    timedCopy({ copyKernel: LIBC, bytes, batch: 1, ...from, ...to }, 1, this.#ns);
  }
}

/** 0 to count - 1; each comes first in its turn. */
const order = (count: number, turn: number) => Array.from({ length: count }, (_, at) => (at + turn) % count);

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Memory of one of those that are compared, which it goes through in chunks. */
interface Part {
  /** Bytes of a copy. */
  readonly size: number;
  readonly bytes: number;
  readonly chunkBytes: number;
  /** Copies in a chunk, and from one to the next, bytes. */
  readonly batch: number;
  readonly step: number;
}

function partOf(size: number, rivals: number): Part {
  const step = roundUp(size, 64);
  const batch = Math.max(1, Math.floor(CHUNK_BYTES / step));
  const chunkBytes = roundUp(batch * step, PAGE_SIZE);
  return { size, bytes: roundUp(Math.ceil(SPAN_BYTES / rivals), chunkBytes), chunkBytes, batch, step };
}
