/** Copies into a region, of what a caller has: another region, or bytes of its own. */
import { CopytaxError } from '../errors.js';
import { checkOptions } from '../limits.js';
import { copy, type OpenRegion } from './copy.js';
import type { CopyKernelChoice } from './copy-kernels.js';
import { requireInteger } from './region-spec.js';

const OPTIONS = ['offset', 'sourceOffset', 'bytes', 'copyKernel'];

/** Which bytes Region.copyFrom copies, and how. */
export interface CopyOptions {
  /** In the region that is copied to, bytes. Default 0. */
  offset?: number;
  /** In the source, bytes. Default 0. */
  sourceOffset?: number;
  /** Default: all from `sourceOffset` on. */
  bytes?: number;
  /** Only from a Region: a name, 'kernel-like', or an index. Default 'libc'. */
  copyKernel?: number | CopyKernelChoice;
}

/** Returns the number of bytes that were copied. @throws as Region.copyFrom */
export function copyInto(
  region: OpenRegion & { view(offset: number, bytes: number): Uint8Array },
  source: Uint8Array | OpenRegion,
  options: CopyOptions,
): number {
  checkOptions('Region.copyFrom()', options, OPTIONS);
  const { offset = 0, sourceOffset = 0, copyKernel } = options;
  const isArray = source instanceof Uint8Array;
  if (isArray ? copyKernel !== undefined : typeof source?.id !== 'number') throw noSource();
  const sourceBytes = isArray ? source.byteLength : source.bytes;
  requireInteger('sourceOffset', sourceOffset, 0, sourceBytes);
  const { bytes = sourceBytes - sourceOffset } = options;
  requireInteger('bytes', bytes, 0, sourceBytes - sourceOffset);
  const view = region.view(offset, bytes);
  if (isArray) view.set(source.subarray(sourceOffset, sourceOffset + bytes));
  else copy(region, offset, source, sourceOffset, bytes, copyKernel);
  return bytes;
}

function noSource(): CopytaxError {
  const message = 'copyFrom() takes a Region, or a Uint8Array without a copy kernel: those copy between regions';
  return new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'source' });
}
