/**
 * The copy kernel 'auto': the fastest one by size, measured on this host rather than guessed from its name.
 * Measured is the copy that the model makes most often: from a source that has just been written, to a destination that
 * left the L2 cache long ago.
 */
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { timedCopy } from './copy.js';
import { allCopyKernels, COPY_KERNEL_NAMES, copyKernelIndex } from './copy-kernels.js';
import { Region } from './region.js';

const SIZES = [64, 256, 1024, 4096, 16384, 65536];
const CHUNK_BYTES = 2 ** 19;
/** Beyond any L2 cache, so that a chunk is cold when its turn comes again. */
const SPAN_BYTES = 2 ** 24;
const ROUNDS = 15;
const MIN_ROUNDS = 3;
const BUDGET_MS = 70;
/** A copy kernel must beat the C library by more than noise, or the choice would change from run to run. */
const MARGIN = 0.95;
const KEY = 'copytax.copyKernelChoices';

export interface CopyKernelChoices {
  /** The sizes that were measured, bytes, ascending. */
  readonly sizes: readonly number[];
  /** Index of the chosen copy kernel, by size. */
  readonly chosen: readonly number[];
  /** Nanoseconds per copy, by size and by index of the copy kernel; NaN where it is not supported. */
  readonly ns: readonly (readonly number[])[];
}

let choices: CopyKernelChoices | undefined;

/**
 * Returns the index of the copy kernel for copies of about `bytes` bytes. The first call of a process measures, for
 * less than 100 ms; workers started after it inherit the result.
 */
export function chooseCopyKernel(bytes: number): number {
  const { sizes, chosen } = copyKernelChoices();
  const nearest = sizes.findIndex((size, i) => bytes <= Math.sqrt(size * (sizes[i + 1] ?? size)));
  return chosen[nearest < 0 ? sizes.length - 1 : nearest]!;
}

/** The measurements that chooseCopyKernel() decides by. */
export function copyKernelChoices(): CopyKernelChoices {
  choices ??= getEnvironmentData(KEY) as unknown as CopyKernelChoices | undefined;
  if (choices === undefined) {
    choices = measure();
    setEnvironmentData(KEY, choices as never);
  }
  return choices;
}

function measure(): CopyKernelChoices {
  using source = Region.create({ bytes: Math.max(...SIZES), lock: 'no' });
  using destination = Region.create({ bytes: SPAN_BYTES, lock: 'no' });
  let chunk = 0;
  return choicesBy((copyKernel, bytes) => {
    const offset = (chunk++ * CHUNK_BYTES) % SPAN_BYTES;
    return sample(copyKernel, bytes, source.id, destination.id, offset);
  });
}

/** Chooses by what `time` returns, round by round: nanoseconds of a copy. `now` is a clock, milliseconds. */
export function choicesBy(
  time: (copyKernel: number, bytes: number) => number,
  now = () => performance.now(),
): CopyKernelChoices {
  const supported = COPY_KERNEL_NAMES.map((_, index) => index).filter((index) => allCopyKernels()[index]!.supported);
  const samples = SIZES.map(() => COPY_KERNEL_NAMES.map((): number[] => []));
  const deadline = now() + BUDGET_MS;
  for (let round = 0; round < ROUNDS && (round < MIN_ROUNDS || now() < deadline); round++) {
    for (const [row, bytes] of SIZES.entries()) {
      for (const copyKernel of supported) {
        samples[row]![copyKernel]!.push(time(copyKernel, bytes));
      }
    }
  }
  const ns = samples.map((row) => row.map(median));
  return { sizes: SIZES, chosen: ns.map(fastest), ns };
}

function sample(copyKernel: number, bytes: number, srcRegion: number, dstRegion: number, dstOffset: number): number {
  const batch = CHUNK_BYTES / bytes;
  const spec = { copyKernel, bytes, batch, srcRegion, srcSpan: bytes, dstRegion, dstOffset, dstSpan: CHUNK_BYTES };
  return timedCopy(spec, 1)[0]! / batch;
}

function median(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function fastest(row: readonly number[]): number {
  const libc = copyKernelIndex('libc');
  let best = libc;
  for (const [index, value] of row.entries()) {
    const bar = row[best]! * (best === libc ? MARGIN : 1);
    if (value < bar) best = index;
  }
  return best;
}
