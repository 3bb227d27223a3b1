/**
 * `auto` beside another copy kernel, under the conditions that `auto` decides for: a source that was just written, and
 * a destination that the same copy kernel wrote before and that left the L2 cache since. Each has memory of its own and
 * goes through it until the caches are as they will be again and again. Then both take turns, chunk by chunk, so that a
 * disturbance meets both; and all that once more in the memory of the other, because no two pieces of it are alike.
 */
import { timedCopy } from '../../lib/memory/copy.js';
import { LARGEST_CHOSEN_BYTES, measuredChoice } from '../../lib/memory/copy-kernel-choice.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { MIB, PAGE_SIZE, roundUp } from '../../lib/units.js';

/** Of each: beyond any L2 cache, and two of the largest copies. */
const LANE_BYTES = 4 * MIB;
/** Each time two others of them, because no two are alike. */
const LANES = 16;
/** The source at any offset in a page, and behind it what is written there. */
const ORIGIN_OFFSET = LARGEST_CHOSEN_BYTES + PAGE_SIZE;
const LIBC = copyKernelIndex('libc');
/** In memory that was not used lately: for so long times still fell, and not all of them as much. */
const FIRST_LAPS = 12;
/** In the memory of the other one. A copy kernel that writes whole lines needs several laps, too. */
const SETTLING_LAPS = 4;
const CHUNK_BYTES = 256 * 1024;
const OFFSET_STEP = 64;
/** Of each in each piece of memory. */
const TURNS = 16;
/** Pieces of memory are compared in pairs, and more of them where a few percent decide. */
const PAIRS = 2;
const NEAR = 0.04;
/** One that takes this much longer needs few turns to be known as slower. */
const FAR_BEHIND = 1.5;
const FEW_TURNS = 4;

export interface Pair {
  /** Nanoseconds of a copy: lower quartiles of the turns. */
  readonly autoNs: number;
  readonly otherNs: number;
  /** Of all timed turns, nanoseconds. */
  readonly timedNs: number;
}

/** Main thread only. Owner: the calling thread. */
export class AutoRig {
  readonly #ns = new Float64Array(1);
  /** By size: what was chosen for it last, and the copy kernels that were compared with that. */
  readonly #choices = new Map<number, { chosen: number; compared: Set<number> }>();
  #source: Region | undefined;
  #destination: Region | undefined;

  /** `sizes`: those that will be asked for. */
  open(sizes: readonly number[]): void {
    for (const size of sizes) this.#choices.set(size, { chosen: -1, compared: new Set() });
    this.#source = Region.create({ bytes: ORIGIN_OFFSET + LARGEST_CHOSEN_BYTES });
    this.#destination = Region.create({ bytes: LANES * LANE_BYTES, lock: 'no' });
  }

  close(): void {
    this.#source?.close();
    this.#destination?.close();
  }

  /**
   * Returns the index of what `auto` chooses at a size, to be compared with `other`. It chooses anew in each round, as
   * every process does that begins: what a choice is worth must not hang on what one process has met.
   */
  chosenFor(size: number, other: number): number {
    const isOld = (choice: { chosen: number; compared: Set<number> }) =>
      choice.chosen < 0 || choice.compared.has(other);
    if (isOld(this.#choices.get(size)!)) {
      // All at once: they are measured in one piece of memory, which is made for them.
      for (const each of this.#choices.keys()) {
        this.#choices.set(each, { chosen: measuredChoice(each).chosen, compared: new Set() });
      }
    }
    const { chosen, compared } = this.#choices.get(size)!;
    compared.add(other);
    return chosen;
  }

  /** Returns the times of both, each the mean of those in all pieces of memory. */
  run(auto: number, other: number, size: number, next: Random): Pair {
    const pairs = [this.#pair(auto, other, size, next)];
    const sum = (key: keyof Pair) => pairs.reduce((all, pair) => all + pair[key], 0);
    const isNear = () => Math.abs(Math.log(sum('autoNs') / sum('otherNs'))) < NEAR;
    while (pairs.length < PAIRS && isNear()) pairs.push(this.#pair(auto, other, size, next));
    return { autoNs: sum('autoNs') / pairs.length, otherNs: sum('otherNs') / pairs.length, timedNs: sum('timedNs') };
  }

  /** In two pieces of memory, which both sides have in turn. */
  #pair(auto: number, other: number, size: number, next: Random): Pair {
    const step = roundUp(size, 64);
    const whole = Math.max(1, Math.floor(CHUNK_BYTES / step));
    const chunkBytes = roundUp(whole * step, PAGE_SIZE);
    const chunks = Math.max(1, Math.floor(LANE_BYTES / chunkBytes));
    const copies = (side: 0 | 1, dstOffset: number, dstSpan: number, batch: number, srcOffset = 0) => {
      const from = { srcRegion: this.#source!.id, srcOffset, srcSpan: size };
      const to = { dstRegion: this.#destination!.id, dstOffset, dstSpan };
      return timedCopy({ copyKernel: side === 0 ? auto : other, bytes: size, batch, ...from, ...to }, 1, this.#ns)[0]!;
    };
    // As a sender does before each copy: else a copy kernel that leaves the source in a cache would help the other one.
    const writeSource = (at: number) => {
      const from = { srcRegion: this.#source!.id, srcOffset: ORIGIN_OFFSET, srcSpan: size };
      const to = { dstRegion: this.#source!.id, dstOffset: at, dstSpan: step };
      timedCopy({ copyKernel: LIBC, bytes: size, batch: 1, ...from, ...to }, 1, this.#ns);
    };
    const quartiles: [number, number] = [0, 0];
    let timedNs = 0;
    const first = randomInt(next, LANES);
    const lanes = [first, (first + 1 + randomInt(next, LANES - 1)) % LANES] as const;
    for (const swapped of [0, 1] as const) {
      const laneOf = (side: 0 | 1) => lanes[(side ^ swapped) as 0 | 1] * LANE_BYTES;
      const lap = Math.floor(LANE_BYTES / step);
      // Lap by lap: the last one to settle would have more of the last-level cache.
      for (let at = 0; at < (swapped === 0 ? FIRST_LAPS : SETTLING_LAPS); at++) {
        for (const side of order(at)) copies(side, laneOf(side), LANE_BYTES, lap);
      }
      const times: [number[], number[]] = [[], []];
      const isFar = () => lowerQuartile(times[1]) > FAR_BEHIND * lowerQuartile(times[0]);
      for (let turn = 0; turn < TURNS && !(turn === FEW_TURNS && isFar()); turn++) {
        const srcOffset = randomInt(next, PAGE_SIZE / OFFSET_STEP) * OFFSET_STEP;
        for (const side of order(turn)) {
          writeSource(srcOffset);
          const ns = copies(side, laneOf(side) + (turn % chunks) * chunkBytes, whole * step, whole, srcOffset);
          times[side].push(ns / whole);
          timedNs += ns;
        }
      }
      for (const side of [0, 1] as const) quartiles[side] += lowerQuartile(times[side]) / 2;
    }
    return { autoNs: quartiles[0], otherNs: quartiles[1], timedNs };
  }
}

/** Both sides; each comes first in its turn. */
const order = (turn: number): readonly (0 | 1)[] => (turn % 2 === 0 ? [0, 1] : [1, 0]);

/** A disturbance only adds: that of two equal copy kernels is several times as near to each other as medians are. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2]!;
}
