/**
 * Copies outside the hot path: every call is checked, throws, and crosses into native code once.
 * The copies of the model go through a CopyList instead.
 */
import { addon, type TimedCopySpec } from './addon.js';
import { copyKernelIndex } from './copy-kernels.js';
import { guarded } from './native-error.js';

const DEFAULT_COPY_KERNEL = 'libc';

/**
 * Copies `bytes` bytes between regions of this thread; the ranges must not overlap. Has six parameters because a region
 * and an offset name a place: the order is that of memcpy, and the copy kernel comes last.
 * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_KERNEL_UNSUPPORTED
 */
export function copy(
  dstRegion: number,
  dstOff: number,
  srcRegion: number,
  srcOff: number,
  bytes: number,
  copyKernel: number = copyKernelIndex(DEFAULT_COPY_KERNEL),
): void {
  guarded(() => addon().copy(dstRegion, dstOff, srcRegion, srcOff, bytes, copyKernel));
}

/** CRC-32C of a range, continuing from `seed`: 0..2^32-1. @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE */
export function checksum(region: number, offset: number, bytes: number, seed = 0): number {
  return guarded(() => addon().checksum(region, offset, bytes, seed));
}

/**
 * Evicts a range from the caches of all CPUs; false where the architecture has no such instruction. @throws as checksum
 */
export function flush(region: number, offset: number, bytes: number): boolean {
  return guarded(() => addon().flush(region, offset, bytes));
}

type Optional = 'dstOffset' | 'srcOffset' | 'flushDestination' | 'flushSource';

export type TimedCopyOptions = Omit<TimedCopySpec, Optional> & Partial<Pick<TimedCopySpec, Optional>>;

/**
 * Nanoseconds per batch, one element for each of `samples` batches, measured in a native loop. Offsets default to 0,
 * flushing to false. Walks start at their offsets and continue from batch to batch.
 * Blocks the thread; more than 512 GiB in one call is refused. Pass `into` to sample without allocating.
 * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_KERNEL_UNSUPPORTED
 */
export function timedCopy(options: TimedCopyOptions, samples: number, into = new Float64Array(samples)): Float64Array {
  const spec = { dstOffset: 0, srcOffset: 0, flushDestination: false, flushSource: false, ...options };
  const nsPerBatch = into.subarray(0, samples);
  guarded(() => addon().timedCopy(spec, nsPerBatch));
  return nsPerBatch;
}
