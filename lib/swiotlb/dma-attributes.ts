/**
 * Directions and attributes of DMA mappings, with the numbers of Linux (include/linux/dma-direction.h, dma-mapping.h).
 */

import { frozen } from '../frozen.js';

/** enum dma_data_direction. */
export const DIRECTION: {
  /** The device reads and writes. */
  readonly bidirectional: 0;
  /** The device reads. */
  readonly toDevice: 1;
  /** The device writes. */
  readonly fromDevice: 2;
} = frozen({ bidirectional: 0, toDevice: 1, fromDevice: 2 });
/** A number of `DIRECTION`: who reads and who writes. */
export type Direction = (typeof DIRECTION)[keyof typeof DIRECTION];

/** DMA_ATTR_SKIP_CPU_SYNC: `unmap` copies nothing back; `Dma.map` leaves the caches alone. */
export const SKIP_CPU_SYNC = 1 << 5;
/** DMA_ATTR_NO_WARN: a full slot pool causes no warning. */
export const NO_WARN = 1 << 8;
/**
 * DMA_ATTR_MAY_SLEEP of the earlier design of growth: the mapping may wait for the memory of its buffer. The number is
 * ours.
 */
export const MAY_SLEEP = 1 << 16;
