/**
 * The copy kernel 'auto': the fastest one for a size, measured on this host rather than guessed from its name.
 * Measured is the copy that the model makes most often: from a source that has just been written, to a destination that
 * the same copy kernel wrote before and that left the L2 cache since.
 *
 * Each size is measured when it is first asked for: 65 bytes and 64, or 1448 and 1024, may want different ones.
 * docs/design/0037 tells what misled earlier choices.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { addon } from '../addon/addon.js';
import { PAGE_SIZE, roundUp } from '../units.js';
import { timedCopy } from './copy.js';
import { allCopyKernels, COPY_KERNEL_NAMES } from './copy-kernels.js';
import { Region } from './region.js';

/** Larger copies have the copy kernel of this size. */
export const LARGEST_CHOSEN_BYTES = 2 ** 21;
/** Timed at once. */
const CHUNK_BYTES = 2 ** 18;
/**
 * Shared evenly: each copy kernel writes where it wrote before, as one that slots are for. The part of one of the last
 * few is beyond an L2 cache, and all together are within what a guest has of the last-level cache.
 */
const SPAN_BYTES = 2 ** 23;
/** Of the largest copies each has a whole one. */
const LARGEST_SPAN_BYTES = COPY_KERNEL_NAMES.length * LARGEST_CHOSEN_BYTES;
/** Part of a chunk by which those that are hopeless are found: some wait for their stores after each small copy. */
const SCOUTED_SHARE = 1 / 16;
const SCOUTINGS = 3;
const HOPELESS = 3;
/** Of all others, before those that are far behind are dropped. */
const FIRST_ROUNDS = 12;
const FAR_BEHIND = 1.15;
/** Laps through its part before its time counts: one that writes whole lines needs several until caches hold it. */
const SETTLING_LAPS = 4;
/** In which those that are left are timed: no two of them are alike. */
const PIECES = 3;
/** Not a whole number of the parts of two rivals: else one of them would come to the same place again. */
const PIECE_DISTANCE_BYTES = (5 * SPAN_BYTES) / 8;
const ROTATIONS = 3;
/** As long as the second is this near to the best. */
const MAX_ROTATIONS = 6;
const NEAR = 1.02;
const ROUNDS = 32;
/** The source at any offset in a page, and behind it what is written there. */
const ORIGIN_OFFSET = LARGEST_CHOSEN_BYTES + PAGE_SIZE;
/** CPU time of a process, for one that waits for a CPU measures nothing: no size is measured any more after that. */
const BUDGET_MS = 400;
/** Another copy kernel must beat the C library by more than noise, or the choice would change from run to run. */
const MARGIN = 0.995;
/** A step of offsets, and how many there are: their sequence visits all, far from each other. */
const OFFSET_STEP = 64;
const OFFSETS = PAGE_SIZE / OFFSET_STEP;
const OFFSET_STRIDE = 27;
const LIBC = COPY_KERNEL_NAMES.indexOf('libc');
const KEY = 'copytax.copyKernelChoices';

/** What was measured of a size. */
export interface ChosenCopyKernel {
  /** Bytes of a copy. */
  readonly size: number;
  /** Index of the chosen copy kernel. */
  readonly chosen: number;
  /** Nanoseconds per copy, by index of the copy kernel; NaN where it is not supported. */
  readonly ns: readonly number[];
}

const cpuMs = () => addon().threadUsage().cpuNs / 1e6;

interface Known {
  readonly choices: readonly ChosenCopyKernel[];
  readonly spentMs: number;
}

let known: Known | undefined;

/**
 * Returns the index of the copy kernel for copies of `bytes` bytes. The first call for a size measures for some
 * milliseconds, all calls of a process together for less than 600 ms of CPU time: after that the nearest size decides
 * that was measured. Workers inherit what was measured before they started.
 */
export function chooseCopyKernel(bytes: number): number {
  known ??= (getEnvironmentData(KEY) as unknown as Known | undefined) ?? { choices: [], spentMs: 0 };
  const size = Math.min(Math.max(1, Math.round(bytes)), LARGEST_CHOSEN_BYTES);
  const nearest = nearestOf(known.choices, size);
  if (nearest?.size === size || (nearest !== undefined && known.spentMs >= BUDGET_MS)) return nearest.chosen;
  const began = cpuMs();
  const choice = measuredChoice(size);
  known = { choices: [...known.choices, choice], spentMs: known.spentMs + cpuMs() - began };
  setEnvironmentData(KEY, known as never);
  return choice.chosen;
}

/** Returns what chooseCopyKernel() has measured, in the order in which it was asked. */
export function copyKernelChoices(): readonly ChosenCopyKernel[] {
  return known?.choices ?? [];
}

/** Returns the choice whose size differs by the smallest factor; undefined if there is none. */
export function nearestOf(choices: readonly ChosenCopyKernel[], bytes: number): ChosenCopyKernel | undefined {
  const distance = ({ size }: ChosenCopyKernel) => Math.abs(Math.log(size / bytes));
  return choices.reduce<ChosenCopyKernel | undefined>(
    (best, choice) => (best === undefined || distance(choice) < distance(best) ? choice : best),
    undefined,
  );
}

/** Memory to measure in. Who opens it closes it. */
export type ChoiceMemory = Record<'source' | 'destination', Region>;

export function openChoiceMemory(): ChoiceMemory {
  return {
    source: Region.create({ bytes: ORIGIN_OFFSET + LARGEST_CHOSEN_BYTES, lock: 'no' }),
    destination: Region.create({ bytes: (PIECES - 1) * PIECE_DISTANCE_BYTES + LARGEST_SPAN_BYTES, lock: 'no' }),
  };
}

/** Kept until the thread waits for events: a caller that asks for many sizes asks at once. */
let memory: ChoiceMemory | undefined;

function sharedMemory(): ChoiceMemory {
  if (memory !== undefined) return memory;
  const opened = openChoiceMemory();
  memory = opened;
  setImmediate(() => {
    memory = undefined;
    opened.source.close();
    opened.destination.close();
  }).unref();
  return opened;
}

/**
 * Measures anew which copy kernel is the fastest for `bytes` bytes, 1 to LARGEST_CHOSEN_BYTES: some milliseconds.
 * Nothing remembers it.
 */
export function measuredChoice(bytes: number, { source, destination } = sharedMemory()): ChosenCopyKernel {
  const step = roundUp(bytes, 64);
  const whole = Math.max(1, Math.floor(CHUNK_BYTES / step));
  const chunkBytes = roundUp(whole * step, PAGE_SIZE);
  const scouted = Math.ceil(whole * SCOUTED_SHARE);
  const ns = new Float64Array(1);
  const copies = (copyKernel: number, dstOffset: number, dstSpan: number, batch: number, srcOffset = 0) => {
    const from = { srcRegion: source.id, srcOffset, srcSpan: bytes };
    return timedCopy({ copyKernel, bytes, batch, ...from, dstRegion: destination.id, dstOffset, dstSpan }, 1, ns)[0]!;
  };
  // As a sender does before each copy: else a copy kernel that leaves the source in a cache would help the next one.
  const writeSource = (at: number) => {
    const from = { srcRegion: source.id, srcOffset: ORIGIN_OFFSET, srcSpan: bytes };
    timedCopy(
      { copyKernel: LIBC, bytes, batch: 1, ...from, dstRegion: source.id, dstOffset: at, dstSpan: step },
      1,
      ns,
    );
  };
  let settled = '';
  const time = ({ copyKernel, round, rivals, rotation }: Turn): number => {
    const partBytes = roundUp(Math.ceil(SPAN_BYTES / rivals.length), chunkBytes);
    const partOf = (one: number) =>
      (rotation % PIECES) * PIECE_DISTANCE_BYTES + ((rivals.indexOf(one) + rotation) % rivals.length) * partBytes;
    if (round < 0) return copies(copyKernel, partOf(copyKernel), chunkBytes, scouted) / scouted;
    const phase = `${rivals} ${rotation}`;
    const laps = settled === phase ? 0 : SETTLING_LAPS;
    settled = phase;
    // Lap by lap: the last one to settle would have more of the last-level cache.
    for (let lap = 0; lap < laps; lap++) {
      for (const one of rivals) copies(one, partOf(one), partBytes, Math.floor(partBytes / step));
    }
    const chunk = round % (partBytes / chunkBytes);
    // Addresses that are equal modulo 4 KiB are a case of their own: each round has another offset.
    const srcOffset = ((round * OFFSET_STRIDE) % OFFSETS) * OFFSET_STEP;
    writeSource(srcOffset);
    return copies(copyKernel, partOf(copyKernel) + chunk * chunkBytes, whole * step, whole, srcOffset) / whole;
  };
  return choiceBy(bytes, time);
}

/** What is timed next. */
export interface Turn {
  /** Index of the copy kernel. */
  readonly copyKernel: number;
  /** From 0; -1 for a part of a chunk, which only finds those that are hopeless. */
  readonly round: number;
  /** Those that are still compared, this one among them. Each has a part of the memory. */
  readonly rivals: readonly number[];
  /** By how many places each has gone on to the part of another: no two of them are alike. */
  readonly rotation: number;
}

/**
 * Chooses by what `time` returns, round by round: nanoseconds of a copy. Those that are far behind are dropped early;
 * the others are compared within rounds, so that a disturbance that lasts longer meets them all.
 */
export function choiceBy(bytes: number, time: (turn: Turn) => number): ChosenCopyKernel {
  let open = [...COPY_KERNEL_NAMES.keys()].filter((index) => allCopyKernels()[index]!.supported);
  const ns = COPY_KERNEL_NAMES.map(() => Number.NaN);
  const scores = COPY_KERNEL_NAMES.map(() => Number.NaN);
  /** Times of all that are open, by round; each comes first in its turn, or one would always follow the same other. */
  const timed = (rounds: number, rotation: number, isScouting = false): number[][] =>
    Array.from({ length: rounds }, (_, round) => {
      const times: number[] = [];
      for (let turn = 0; turn < open.length; turn++) {
        const at = (turn + round) % open.length;
        times[at] = time({ copyKernel: open[at]!, round: isScouting ? -1 : round, rivals: open, rotation });
      }
      return times;
    });
  /** Drops those that take more than `limit` times as long as the best. */
  const drop = (times: readonly number[], limit: number) => {
    for (const [at, copyKernel] of open.entries()) ns[copyKernel] = times[at]!;
    open = open.filter((_, at) => times[at]! <= limit * Math.min(...times));
  };
  // The first call of a routine looks for it, or loads it.
  const scouted = timed(SCOUTINGS, 0, true);
  drop(
    open.map((_, at) => Math.min(...ofColumn(scouted, at))),
    HOPELESS,
  );
  const first = timed(FIRST_ROUNDS, 0);
  drop(
    open.map((_, at) => lowerQuartile(ofColumn(first, at))),
    FAR_BEHIND,
  );
  const rotations: number[][] = [];
  const scored = () => open.map((_, at) => meanOf(rotations.map((times) => times[at]! / Math.min(...times))));
  const isNear = () => {
    const [best = 0, second = Number.POSITIVE_INFINITY] = scored().sort((a, b) => a - b);
    return second < NEAR * best;
  };
  while (rotations.length < ROTATIONS || (rotations.length < MAX_ROTATIONS && isNear())) {
    const rounds = timed(ROUNDS, rotations.length);
    rotations.push(open.map((_, at) => lowerQuartile(ofColumn(rounds, at))));
  }
  const last = scored();
  for (const [at, copyKernel] of open.entries()) {
    ns[copyKernel] = meanOf(rotations.map((times) => times[at]!));
    scores[copyKernel] = last[at]!;
  }
  return { size: bytes, chosen: fastest(scores), ns };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const ofColumn = (rounds: readonly (readonly number[])[], at: number) => rounds.map((times) => times[at]!);

/** A disturbance only adds: that of two equal copy kernels is several times as near to each other as medians are. */
export function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2]!;
}

/** Returns the index of the lowest score; that of the C library unless another one is below it by a margin. */
function fastest(scores: readonly number[]): number {
  const score = (index: number) => scores[index]! * (index === LIBC ? MARGIN : 1);
  const open = scores.flatMap((value, index) => (Number.isNaN(value) ? [] : index));
  return open.reduce((best, index) => (score(index) < score(best) ? index : best));
}
