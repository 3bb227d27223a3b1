/**
 * `auto` beside another copy kernel, under the conditions that `auto` decides for: a source that was just written, and
 * a destination that the same copy kernel wrote before and that left the L2 cache since. Each has memory of its own and
 * goes through it until the caches are as they will be again and again. Then both take turns, chunk by chunk, so that a
 * disturbance meets both; and all that once more in the memory of the other, because no two pieces of it are alike.
 */
import { timedCopy } from '../../lib/memory/copy.js';
import { chooseCopyKernel, LARGEST_CHOSEN_BYTES } from '../../lib/memory/copy-kernel-choice.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { MIB, PAGE_SIZE, roundUp } from '../../lib/units.js';

/** Of each: beyond any L2 cache, and two of the largest copies. */
const LANE_BYTES = 4 * MIB;
/** A copy kernel that writes whole lines needs several laps until the last-level cache holds what it writes. */
const SETTLING_LAPS = 4;
const CHUNK_BYTES = 256 * 1024;
const OFFSET_STEP = 64;
/** Of each in each piece of memory. */
const TURNS = 16;
/** One that takes this much longer needs few turns to be known as slower. */
const FAR_BEHIND = 1.5;
const FEW_TURNS = 4;

export interface Pair {
  /** Nanoseconds of a copy: medians of the turns. */
  readonly autoNs: number;
  readonly otherNs: number;
  /** Of all timed turns, nanoseconds. */
  readonly timedNs: number;
}

/** Main thread only. Owner: the calling thread. */
export class AutoRig {
  readonly #ns = new Float64Array(1);
  #source: Region | undefined;
  #destination: Region | undefined;

  /** `sizes`: all at once, for a process measures them in one piece of memory. */
  open(sizes: readonly number[]): void {
    for (const size of sizes) chooseCopyKernel(size);
    this.#source = Region.create({ bytes: LARGEST_CHOSEN_BYTES + PAGE_SIZE });
    this.#destination = Region.create({ bytes: 2 * LANE_BYTES });
  }

  close(): void {
    this.#source?.close();
    this.#destination?.close();
  }

  /** Returns the times of both, each the mean of those in the two pieces of memory. */
  run(auto: number, other: number, size: number, next: Random): Pair {
    const step = roundUp(size, 64);
    const whole = Math.max(1, Math.floor(CHUNK_BYTES / step));
    const chunkBytes = roundUp(whole * step, PAGE_SIZE);
    const chunks = Math.max(1, Math.floor(LANE_BYTES / chunkBytes));
    const copies = (side: 0 | 1, dstOffset: number, dstSpan: number, batch: number, srcOffset = 0) => {
      const from = { srcRegion: this.#source!.id, srcOffset, srcSpan: size };
      const to = { dstRegion: this.#destination!.id, dstOffset, dstSpan };
      return timedCopy({ copyKernel: side === 0 ? auto : other, bytes: size, batch, ...from, ...to }, 1, this.#ns)[0]!;
    };
    const medians: [number, number] = [0, 0];
    let timedNs = 0;
    for (const swapped of [0, 1] as const) {
      const laneOf = (side: 0 | 1) => (side ^ swapped) * LANE_BYTES;
      const lap = Math.floor(LANE_BYTES / step);
      // Lap by lap: the last one to settle would have more of the last-level cache.
      for (let at = 0; at < SETTLING_LAPS; at++) {
        for (const side of order(at)) copies(side, laneOf(side), LANE_BYTES, lap);
      }
      const times: [number[], number[]] = [[], []];
      const isFar = () => median(times[1]) > FAR_BEHIND * median(times[0]);
      for (let turn = 0; turn < TURNS && !(turn === FEW_TURNS && isFar()); turn++) {
        const srcOffset = randomInt(next, PAGE_SIZE / OFFSET_STEP) * OFFSET_STEP;
        for (const side of order(turn)) {
          const ns = copies(side, laneOf(side) + (turn % chunks) * chunkBytes, whole * step, whole, srcOffset);
          times[side].push(ns / whole);
          timedNs += ns;
        }
      }
      for (const side of [0, 1] as const) medians[side] += median(times[side]) / 2;
    }
    return { autoNs: medians[0], otherNs: medians[1], timedNs };
  }
}

/** Both sides; each comes first in its turn. */
const order = (turn: number): readonly (0 | 1)[] => (turn % 2 === 0 ? [0, 1] : [1, 0]);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
