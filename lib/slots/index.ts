/**
 * Slots and pages for a program of one's own: what it imports as `copytax/slots`. `Slots` is a slot pool that threads
 * share; `Folios` are pages with reference counts and page types of one's own; `Swiotlb` with `BounceMapping` is the
 * allocator of bounce memory itself, whose calls check little. Types of its parts that are not here are in `copytax`.
 */
export { CopytaxError, type ErrorCode, remedyFor } from '../errors.js';
export type { LockPolicy } from '../memory/region-spec.js';
export { PAGE_TYPE, type PageKind } from '../page/page-type.js';
export { Arena } from '../smp/arena.js';
export { Cpu } from '../smp/cpu.js';
export type { SwiotlbConfig } from '../swiotlb/config.js';
export { DIRECTION, type Direction } from '../swiotlb/dma-attributes.js';
export type { DmaConstraints, SwiotlbDevice } from '../swiotlb/slots/constraints.js';
export type { SwiotlbStatistics } from '../swiotlb/slots/counters.js';
export { NO_SLOT, SlotPool, type SlotPoolConfig } from '../swiotlb/slots/slot-pool.js';
export { NO_ADDRESS, Swiotlb } from '../swiotlb/swiotlb.js';
export {
  type BounceSink,
  type BounceWarning,
  type Mapped,
  type MappingWishes,
  RegionBounces,
  /** Another name of `SynchronousMapping`. */
  SynchronousMapping as BounceMapping,
} from '../swiotlb/synchronous-mapping.js';
export { PAGE_SIZE, SEGMENT_BYTES, SLOT_SIZE } from '../units.js';
export { Folios, type FoliosSpec, type PageType } from './folios.js';
export { Slots } from './slots.js';
export type { SlotsHandle, SlotsSpec } from './slots-handle.js';
