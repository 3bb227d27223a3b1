/** What the allocator has to know of a DMA device: where in memory the device can be given slots. */
import { low31, SLOT_SIZE } from '../../units.js';

// Local constants: docs/design/0008-constants-and-records.md.
const IN_SLOT = SLOT_SIZE - 1;

/** What a device asks of bounce addresses: all are masks or sizes in bytes. */
export interface DmaConstraints {
  /** Low address bits of the original that a bounce address must keep; 2^n - 1. */
  readonly minAlignMask: number;
  /** A mapping must not cross a multiple of this plus one; 2^n - 1 or `Infinity` for none. */
  readonly segmentBoundaryMask: number;
}

/** A device as the allocator sees it. */
export interface SwiotlbDevice extends DmaConstraints {
  /** Its number among the devices of the allocator, from 0 (the default). */
  readonly index?: number;
  /** Highest address that it can be given; `Infinity` by default. Only transient pools depend on it. */
  readonly addressLimit?: number;
}

/** The part of an address below a slot that bouncing preserves. */
export function lowOffset(address: number, device: DmaConstraints): number {
  return low31(address) & device.minAlignMask & IN_SLOT;
}
