/**
 * Directions and attributes of DMA mappings, with the numbers of Linux (include/linux/dma-direction.h, dma-mapping.h).
 */

/** enum dma_data_direction. */
export const DIRECTION = { bidirectional: 0, toDevice: 1, fromDevice: 2 } as const;
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
