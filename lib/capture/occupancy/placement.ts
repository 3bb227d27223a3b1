/**
 * Which low bits of its buffer's address the slots of a captured mapping keep. A capture does not tell what a device
 * asks for, but the slot that it was given shows it: its first byte lies as deep in the slot as that of the buffer.
 */
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';

const IN_SLOT = SLOT_SIZE - 1;
const IN_PAGE = PAGE_SIZE - 1;

/** Devices that keep no low bits of an address, and those that keep the offset in a page, as nvme does. */
const PLAIN: SwiotlbDevice = { minAlignMask: 0, segmentBoundaryMask: Number.POSITIVE_INFINITY };
const KEEPS_OFFSET: SwiotlbDevice = { minAlignMask: IN_PAGE, segmentBoundaryMask: Number.POSITIVE_INFINITY };

/** Returns the offset in a page that is kept, 0 to 4095; 0 also where it is not told whether any is. */
export function keptOffset(address: number | null, slot: number | null): number {
  const inSlot = slot === null ? 0 : slot & IN_SLOT;
  return inSlot === 0 ? 0 : ((address ?? 0) & IN_PAGE & ~IN_SLOT) | inSlot;
}

/** The device of a mapping that keeps this offset. */
export function deviceKeeping(offset: number): SwiotlbDevice {
  return offset === 0 ? PLAIN : KEEPS_OFFSET;
}
