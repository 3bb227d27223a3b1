/**
 * `auto` beside another copy kernel, under the conditions that `auto` decides for: a source that was just written, and
 * a destination that the same copy kernel wrote before and that left the L2 cache since. Both take turns, chunk by
 * chunk, so that a disturbance meets both.
 */
import { timedCopy } from '../../lib/memory/copy.js';
import { chooseCopyKernel, LARGEST_CHOSEN_BYTES } from '../../lib/memory/copy-kernel-choice.js';
import { Region } from '../../lib/memory/region.js';
import { type Random, randomInt } from '../../lib/random.js';
import { MIB, PAGE_SIZE, roundUp } from '../../lib/units.js';

/** Beyond any L2 cache; both share it evenly. */
const SPAN_BYTES = 16 * MIB;
const CHUNK_BYTES = 256 * 1024;
const OFFSET_STEP = 64;
/** One that takes this much longer needs few turns to be known as slower. */
const FAR_BEHIND = 1.5;
const FEW_TURNS = 2;
/** Part of a chunk by which that is found. */
const SCOUTED_SHARE = 1 / 16;

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
    this.#destination = Region.create({ bytes: SPAN_BYTES });
  }

  close(): void {
    this.#source?.close();
    this.#destination?.close();
  }

  /** Both through their parts of the memory twice; the first time only makes it theirs. */
  run(auto: number, other: number, size: number, next: Random): Pair {
    const step = roundUp(size, 64);
    const whole = Math.max(1, Math.floor(CHUNK_BYTES / step));
    const laneBytes = SPAN_BYTES / 2;
    const lap = Math.max(1, Math.floor((laneBytes - PAGE_SIZE) / (whole * step)));
    const time = (side: 0 | 1, turn: number, batch: number, srcOffset: number) => {
      const offset = side * laneBytes + (turn % lap) * whole * step;
      const spec = {
        copyKernel: side === 0 ? auto : other,
        bytes: size,
        batch,
        srcRegion: this.#source!.id,
        srcOffset,
        srcSpan: size,
        dstRegion: this.#destination!.id,
        dstOffset: roundUp(offset, PAGE_SIZE),
        dstSpan: batch * step,
      };
      return timedCopy(spec, 1, this.#ns)[0]! / batch;
    };
    const scouts = Math.ceil(whole * SCOUTED_SHARE);
    const isFar = time(1, 0, scouts, 0) > FAR_BEHIND * time(0, 0, scouts, 0);
    const turns = isFar ? FEW_TURNS : lap;
    const times: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 2 * turns; turn++) {
      const srcOffset = randomInt(next, PAGE_SIZE / OFFSET_STEP) * OFFSET_STEP;
      for (const side of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const ns = time(side, turn, whole, srcOffset);
        if (turn >= turns) times[side].push(ns);
      }
    }
    const [autoNs, otherNs] = times.map(median) as [number, number];
    return { autoNs, otherNs, timedNs: times.flat().reduce((sum, ns) => sum + ns, 0) * whole };
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
