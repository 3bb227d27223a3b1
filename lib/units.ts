/**
 * Page and slot arithmetic. Sizes are bytes. Names and values are those of Linux (mm.h, swiotlb.h). Addresses are plain
 * numbers below 2^53, which bit operators of JavaScript would cut to 32 bits. Page frame numbers and slot indices fit
 * 31 bits, so bit operators may be used on them.
 */

export const KIB = 2 ** 10;
export const MIB = 2 ** 20;
export const GIB = 2 ** 30;
export const PAGE_SHIFT = 12;
/** Bytes of a page. */
export const PAGE_SIZE = 4096;
// Local constants: docs/design/0008-constants-and-records.md.
const SHIFT = 11;
const SIZE = 2048;
export const SLOT_SHIFT = SHIFT;
/** Bytes of a slot of bounce memory. */
export const SLOT_SIZE = SIZE;
/** Slots of one segment. No allocation crosses a segment, so 256 KiB is the largest mapping. */
export const SEGMENT_SLOTS = 128;
/** Bytes of a segment, 256 KiB: the largest mapping. */
export const SEGMENT_BYTES = SEGMENT_SLOTS * SLOT_SIZE;
export const SLOTS_PER_PAGE = PAGE_SIZE / SLOT_SIZE;

export function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));
}

export function nextPowerOfTwo(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/** Rounds up to a multiple of `step`, which need not be a power of two. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Number of slots that hold `bytes`, 0 to 2^31 - 2048. */
export function slotsOf(bytes: number): number {
  return (bytes + (SIZE - 1)) >>> SHIFT;
}

/** The low 31 bits of an address below 2^53, for use with bit operators, which take numbers modulo 2^32. */
export function low31(address: number): number {
  return address & 0x7fffffff;
}
