/**
 * The copy kernel 'auto': the fastest one for a size, measured on this host rather than guessed from its name.
 * Measured is the copy that the model makes most often: from a source that has just been written, to a destination that
 * the same copy kernel wrote before and that left the L2 cache since.
 *
 * Each size is measured when it is first asked for: 65 bytes and 64, or 1448 and 1024, may want different ones.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { addon } from '../addon/addon.js';
import { PAGE_SIZE, roundUp } from '../units.js';
import { timedCopy } from './copy.js';
import { allCopyKernels, COPY_KERNEL_NAMES, copyKernelIndex } from './copy-kernels.js';
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
/** Part of a chunk by which those that are hopeless are found: some wait for their stores after each small copy. */
const SCOUTED_SHARE = 1 / 16;
const SCOUTINGS = 3;
const HOPELESS = 3;
/** Of all others, before those that are far behind are dropped. */
const FIRST_ROUNDS = 5;
const FAR_BEHIND = 2;
const FINALISTS = 4;
/** Laps through its part before its time counts: one that writes whole lines needs several until caches hold it. */
const SETTLING_LAPS = 4;
const FIRST_LAPS = 2;
const MIN_ROUNDS = 12;
const MAX_ROUNDS = 100;
/** Time of a size, from the first rounds on, as a part of what is left; the fewest rounds may take longer. */
const SIZE_SHARE = 1 / 12;
const LEAST_SIZE_MS = 3;
/** CPU time of a process, for one that waits for a CPU measures nothing: no size is measured any more after that. */
const BUDGET_MS = 160;
/** Another copy kernel must beat the C library by more than noise, or the choice would change from run to run. */
const MARGIN = 0.99;
/** A step of offsets, and how many there are: their sequence visits all, far from each other. */
const OFFSET_STEP = 64;
const OFFSETS = PAGE_SIZE / OFFSET_STEP;
const OFFSET_STRIDE = 27;
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
 * milliseconds, all calls of a process together for less than 200 ms of CPU time: after that the nearest size decides
 * that was measured. Workers inherit what was measured before they started.
 */
export function chooseCopyKernel(bytes: number): number {
  known ??= (getEnvironmentData(KEY) as unknown as Known | undefined) ?? { choices: [], spentMs: 0 };
  const size = Math.min(Math.max(1, Math.round(bytes)), LARGEST_CHOSEN_BYTES);
  const nearest = nearestOf(known.choices, size);
  if (nearest?.size === size || (nearest !== undefined && known.spentMs >= BUDGET_MS)) return nearest.chosen;
  const began = cpuMs();
  const choice = measure(size, Math.max(LEAST_SIZE_MS, (BUDGET_MS - known.spentMs) * SIZE_SHARE));
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

/** Memory to measure in. Kept until the thread waits for events: a caller that asks for many sizes asks at once. */
let memory: Record<'source' | 'destination', Region> | undefined;

function openMemory(): Record<'source' | 'destination', Region> {
  if (memory !== undefined) return memory;
  const opened = {
    source: Region.create({ bytes: LARGEST_CHOSEN_BYTES + PAGE_SIZE, lock: 'no' }),
    destination: Region.create({ bytes: SPAN_BYTES, lock: 'no' }),
  };
  memory = opened;
  setImmediate(() => {
    memory = undefined;
    opened.source.close();
    opened.destination.close();
  }).unref();
  return opened;
}

function measure(bytes: number, sizeMs: number): ChosenCopyKernel {
  const { source, destination } = openMemory();
  const step = roundUp(bytes, 64);
  const whole = Math.max(1, Math.floor(CHUNK_BYTES / step));
  const chunkBytes = roundUp(whole * step, PAGE_SIZE);
  const scouted = Math.ceil(whole * SCOUTED_SHARE);
  const ns = new Float64Array(1);
  const copies = (copyKernel: number, dstOffset: number, dstSpan: number, batch: number, srcOffset = 0) => {
    const from = { srcRegion: source.id, srcOffset, srcSpan: bytes };
    return timedCopy({ copyKernel, bytes, batch, ...from, dstRegion: destination.id, dstOffset, dstSpan }, 1, ns)[0]!;
  };
  let settled = '';
  const time = ({ copyKernel, round, rivals, rotation }: Turn): number => {
    const partBytes = Math.max(chunkBytes, Math.floor(SPAN_BYTES / rivals.length / PAGE_SIZE) * PAGE_SIZE);
    const partOf = (one: number) => {
      const place = (rivals.indexOf(one) + rotation) % rivals.length;
      return Math.min(place * partBytes, SPAN_BYTES - partBytes);
    };
    if (round < 0) return copies(copyKernel, partOf(copyKernel), chunkBytes, scouted) / scouted;
    const phase = `${rivals} ${rotation} ${round < FIRST_ROUNDS}`;
    const laps = settled === phase ? 0 : round < FIRST_ROUNDS ? FIRST_LAPS : SETTLING_LAPS;
    settled = phase;
    // Lap by lap: the last one to settle would have more of the last-level cache.
    for (let lap = 0; lap < laps; lap++) {
      for (const one of rivals) copies(one, partOf(one), partBytes, Math.floor(partBytes / step));
    }
    const chunk = round % Math.max(1, Math.floor(partBytes / chunkBytes));
    // Addresses that are equal modulo 4 KiB are a case of their own: each round has another offset.
    const srcOffset = ((round * OFFSET_STRIDE) % OFFSETS) * OFFSET_STEP;
    return copies(copyKernel, partOf(copyKernel) + chunk * chunkBytes, whole * step, whole, srcOffset) / whole;
  };
  return choiceBy(bytes, time, sizeMs);
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
 * the others are compared within rounds, so that a disturbance that lasts longer meets them all. `sizeMs`: how long
 * that goes on. `now` is a clock, milliseconds; that of the CPU time of this thread by default.
 */
export function choiceBy(
  bytes: number,
  time: (turn: Turn) => number,
  sizeMs = LEAST_SIZE_MS,
  now = cpuMs,
): ChosenCopyKernel {
  let open = [...COPY_KERNEL_NAMES.keys()].filter((index) => allCopyKernels()[index]!.supported);
  const timed = (round: number, rotation = 0): number[] => {
    const times: number[] = [];
    for (let turn = 0; turn < open.length; turn++) {
      // Each comes first in its turn, or one would always follow the same other.
      const at = (turn + Math.max(round, 0)) % open.length;
      times[at] = time({ copyKernel: open[at]!, round, rivals: open, rotation });
    }
    return times;
  };
  // The first call of a routine looks for it, or loads it.
  const scoutings = Array.from({ length: SCOUTINGS }, () => timed(-1));
  const scouted = open.map((_, at) => Math.min(...scoutings.map((times) => times[at]!)));
  const hopeless = HOPELESS * Math.min(...scouted);
  const ns = COPY_KERNEL_NAMES.map(() => Number.NaN);
  for (const [at, copyKernel] of open.entries()) ns[copyKernel] = scouted[at]!;
  open = open.filter((_, at) => scouted[at]! <= hopeless);
  const firsts = Array.from({ length: FIRST_ROUNDS }, (_, round) => timed(round));
  const first = open.map((_, at) => ofColumn(firsts, at));
  for (const [at, copyKernel] of open.entries()) ns[copyKernel] = median(first[at]!);
  const best = Math.min(...first.map(median));
  const nearest = [...open].sort((a, b) => ns[a]! - ns[b]!).slice(0, FINALISTS);
  open = open.filter((index, at) => nearest.includes(index) && Math.min(...first[at]!) <= FAR_BEHIND * best);
  const parts = open.map((_, rotation): number[][] => {
    const rounds: number[][] = [];
    const deadline = now() + sizeMs / open.length;
    while (rounds.length < MAX_ROUNDS && (rounds.length < MIN_ROUNDS || now() < deadline)) {
      rounds.push(timed(FIRST_ROUNDS + rounds.length, rotation));
    }
    return rounds;
  });
  const scores = COPY_KERNEL_NAMES.map(() => Number.NaN);
  for (const [at, copyKernel] of open.entries()) {
    ns[copyKernel] = median(ofColumn(parts.flat(), at));
    scores[copyKernel] = meanOf(parts.map((rounds) => median(rounds.map((times) => times[at]! / median(times)))));
  }
  return { size: bytes, chosen: fastest(scores), ns };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const ofColumn = (rounds: readonly (readonly number[])[], at: number) => rounds.map((times) => times[at]!);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Returns the index of the lowest score; that of the C library unless another one is below it by a margin. */
function fastest(scores: readonly number[]): number {
  const libc = copyKernelIndex('libc');
  const score = (index: number) => scores[index]! * (index === libc ? MARGIN : 1);
  const open = scores.flatMap((value, index) => (Number.isNaN(value) ? [] : index));
  return open.reduce((best, index) => (score(index) < score(best) ? index : best));
}
