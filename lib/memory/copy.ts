/**
 * Copies outside the hot path: every call is checked, throws, and crosses into native code once.
 * The copies of the model go through a CopyList instead.
 */

import { addon, type TimedCopySpec } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { CopytaxError } from '../errors.js';
import { checkOptions, shown, within } from '../limits.js';
import { type CopyKernelChoice, copyKernelIndex } from './copy-kernels.js';

const DEFAULT_COPY_KERNEL = 'libc';
/** Samples of one call that need no array of the caller. */
const MAX_SAMPLES = 2 ** 24;

/** What copies need to know of a Region. */
export interface OpenRegion {
  /** Number of the region in this process. */
  readonly id: number;
  /** Its length, bytes. */
  readonly bytes: number;
  /** True once this Region is closed: then it is refused. */
  readonly closed: boolean;
}

/** A region that is attached here: a Region, or its id. */
export type RegionOrId = number | OpenRegion;

/**
 * Copies `bytes` bytes between regions of this thread; the ranges must not overlap. Has six parameters because a region
 * and an offset name a place: the order is that of memcpy, and the copy kernel comes last. Made for measuring: where no
 * copy kernel is chosen, `TypedArray.prototype.set` is faster.
 * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_KERNEL_UNSUPPORTED
 */
export function copy(
  dstRegion: RegionOrId,
  dstOff: number,
  srcRegion: RegionOrId,
  srcOff: number,
  bytes: number,
  copyKernel: number | CopyKernelChoice = DEFAULT_COPY_KERNEL,
): void {
  guarded(() => addon().copy(idOf(dstRegion), dstOff, idOf(srcRegion), srcOff, bytes, kernelOf(copyKernel)));
}

/**
 * CRC-32C of a range, continuing from `seed`: 0..2^32-1. The range is all of a Region where it is left out.
 * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE
 */
export function checksum(region: RegionOrId, offset = 0, bytes?: number, seed = 0): number {
  const id = idOf(region);
  return guarded(() => addon().checksum(id, offset, bytes ?? restOf(id, offset), seed));
}

/**
 * Evicts a range from the caches of all CPUs; false where the architecture has no such instruction. The range is all of
 * a Region where it is left out. @throws as checksum
 */
export function flush(region: RegionOrId, offset = 0, bytes?: number): boolean {
  const id = idOf(region);
  return guarded(() => addon().flush(id, offset, bytes ?? restOf(id, offset)));
}

/** What is no offset is left to native code, which refuses it. */
function restOf(region: number, offset: number): number {
  const { bytes } = addon().regionInfo(region);
  return typeof offset === 'number' ? Math.max(bytes - offset, 0) : bytes;
}

/** A closed Region is refused, also where another Region of its id is open. What is neither, native code refuses. */
function idOf(region: RegionOrId): number {
  if (typeof region !== 'object' || region === null) return region;
  if (region.closed !== true) return region.id;
  throw new CopytaxError('ERR_REGION_CLOSED', `region ${region.id} is closed`, { region: region.id });
}

const TIMED_COPY_OPTIONS: readonly (keyof TimedCopySpec)[] = [
  'copyKernel',
  'bytes',
  'batch',
  'dstRegion',
  'dstOffset',
  'dstSpan',
  'flushDestination',
  'srcRegion',
  'srcOffset',
  'srcSpan',
  'flushSource',
];

/** What `timedCopy` copies: `batch` copies of `bytes` bytes, which walk through both spans. */
export interface TimedCopyOptions {
  /** Name or index of the copy kernel. */
  copyKernel: number | CopyKernelChoice;
  /** Length of one copy, 1 or more. */
  bytes: number;
  /** Copies per sample, 1 or more. */
  batch: number;
  /** The region that is written. */
  dstRegion: RegionOrId;
  /** First byte that is written; 0 by default. */
  dstOffset?: number;
  /** Bytes that are walked, at least `bytes`: a walk that comes to their end begins again. */
  dstSpan: number;
  /** Evicts what the next batch writes, before it is timed; false by default. */
  flushDestination?: boolean;
  /** The region that is read. */
  srcRegion: RegionOrId;
  /** First byte that is read; 0 by default. */
  srcOffset?: number;
  /** Bytes that are walked, at least `bytes`: a walk that comes to their end begins again. */
  srcSpan: number;
  /** Evicts what the next batch reads, before it is timed; false by default. */
  flushSource?: boolean;
}

/**
 * Nanoseconds per batch, one element for each of `samples` batches, measured in a native loop. Offsets default to 0,
 * flushing to false. Walks start at their offsets and continue from batch to batch.
 * Blocks the thread; more than 512 GiB in one call is refused. Pass `into` to sample without allocating. If
 * `counters()` are open on this thread, `counts` gets three numbers for each batch and in it for each counter: what it
 * counted, and for how many nanoseconds it was enabled and ran.
 * @throws ERR_UNKNOWN_OPTION, ERR_REGION_CLOSED, ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_KERNEL_UNSUPPORTED
 */
export function timedCopy(
  options: TimedCopyOptions,
  samples: number,
  into?: Float64Array,
  counts?: Float64Array,
): Float64Array {
  checkOptions('timedCopy()', options, TIMED_COPY_OPTIONS);
  for (const [name, value] of Object.entries({ into, counts })) {
    if (value === undefined || value instanceof Float64Array) continue;
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be a Float64Array, not ${shown(value)}`, { name });
  }
  within('samples', samples, 1, into?.length ?? MAX_SAMPLES);
  const spec: TimedCopySpec = {
    dstOffset: 0,
    srcOffset: 0,
    flushDestination: false,
    flushSource: false,
    ...options,
    copyKernel: kernelOf(options.copyKernel),
    dstRegion: idOf(options.dstRegion),
    srcRegion: idOf(options.srcRegion),
  };
  const nsPerBatch = (into ?? new Float64Array(samples)).subarray(0, samples);
  guarded(() => addon().timedCopy(spec, nsPerBatch, counts));
  return nsPerBatch;
}

function kernelOf(copyKernel: number | CopyKernelChoice): number {
  return typeof copyKernel === 'string' ? copyKernelIndex(copyKernel) : copyKernel;
}
