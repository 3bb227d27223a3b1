/** Copytax's side of a comparison: the same copy of the same bytes, on memory in the same state. */

import { timedCopy } from '../../lib/memory/copy.js';
import { type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import type { HugePagePolicy } from '../../lib/memory/region-spec.js';
import { PAGE_SIZE } from '../../lib/units.js';
import { FIRST_RUNS } from './tool-output.js';

export interface CopySpec {
  readonly copyKernel: CopyKernelName;
  /** Of each array. */
  readonly bytes: number;
  /** Copies of the whole array that are timed; as many as the tool times. */
  readonly copies: number;
  readonly hugePages: HugePagePolicy;
  /** Where in a page both arrays begin. */
  readonly inPage: number;
  /** The whole destination is written by copies of this block; unset: by one copy of the whole source. */
  readonly blockBytes?: number;
  /** The destination was never written, and one copy of it is timed. */
  readonly firstTouch?: boolean;
}

/**
 * Returns gigabytes per second of all copies together, each byte counted once, on memory that is allocated for them:
 * a tool has other pages in each round, too. As in the tools, a copy that is not timed comes first.
 */
export function copyRate(spec: CopySpec): number {
  const { bytes, inPage, hugePages, blockBytes = bytes, firstTouch = false } = spec;
  const memory = { bytes: bytes + PAGE_SIZE, lock: 'no', hugePages } as const;
  const regions: Region[] = [];
  try {
    const source = Region.create(memory);
    regions.push(source);
    const destination = Region.create({ ...memory, populate: !firstTouch });
    regions.push(destination);
    const untimed = firstTouch ? 0 : FIRST_RUNS;
    const copies = firstTouch ? 1 : spec.copies;
    const ns = new Float64Array(untimed + copies);
    const walks = {
      dstRegion: destination.id,
      dstOffset: inPage,
      dstSpan: bytes,
      flushDestination: false,
      srcRegion: source.id,
      srcOffset: inPage,
      srcSpan: blockBytes,
      flushSource: false,
    };
    const copyKernel = copyKernelIndex(spec.copyKernel);
    timedCopy({ copyKernel, bytes: blockBytes, batch: Math.ceil(bytes / blockBytes), ...walks }, ns.length, ns);
    return (bytes * copies) / ns.subarray(untimed).reduce((sum, one) => sum + one, 0);
  } finally {
    for (const region of regions) region.close();
  }
}
