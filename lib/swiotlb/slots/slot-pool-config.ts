/** The configuration of a slot pool: plain data that may cross threads. */
import { outOfRange, powerOfTwo, within } from '../../limits.js';
import { PAGE_SIZE, SEGMENT_SLOTS } from '../../units.js';

/** Where a slot pool lies, and how it is divided. */
export interface SlotPoolConfig {
  /** Physical address of the first slot, below 2^53; a multiple of 4096. */
  readonly start: number;
  /** 1 to 2^30. */
  readonly slots: number;
  /** A power of two. Of several areas each has a multiple of 128 slots; one area may have any number of slots. */
  readonly areas: number;
}

/** @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO */
export function requireSlotPool({ start, slots, areas }: SlotPoolConfig): void {
  within('start', start, 0, Number.MAX_SAFE_INTEGER);
  if (start % PAGE_SIZE !== 0) throw outOfRange(`start must be a multiple of ${PAGE_SIZE}, not ${start}`);
  within('slots', slots, 1, 2 ** 30);
  powerOfTwo('areas', areas);
  if (areas === 1 || slots % (areas * SEGMENT_SLOTS) === 0) return;
  const multiple = `a multiple of ${areas * SEGMENT_SLOTS}, ${SEGMENT_SLOTS} for each of ${areas} areas`;
  throw outOfRange(`slots must be ${multiple}, not ${slots}`);
}
