/**
 * What a page pool is created with.
 * Models: struct page_pool_params and its checks: docs/spec/tx-path.md#page-pool-mechanics. Deviations: the size of the
 * allocation cache is a parameter, and a page pool for transmit may map to the device, which
 * docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool asks for.
 */
import { DIRECTION } from '../../swiotlb/dma-attributes.js';
import { NO_NODE } from './memory-provider.js';

/** Flags, with their numbers in Linux: map each page once; hand pages over to the device when they come back. */
export const PAGE_POOL_FLAG = { map: 1, sync: 2, system: 4, unreadable: 8 } as const;
const ALL_FLAGS = 15;

/** Linux's error numbers. */
export const EINVAL = -22;
export const ENOMEM = -12;

const DEFAULT_RING = 1024;
export const MAX_RING = 16384;
const DEFAULT_CACHE = 128;
/** No softirq poll, or no CPU, that may recycle without being asked. */
export const NO_CONSUMER = -1;

export interface PagePoolParameters {
  /** Each page is a block of 2^order. */
  readonly order: number;
  /** Slots of the return ring; 0: the usual number. */
  readonly ringSlots: number;
  /** Node that pages come from, or `NO_NODE`. */
  readonly node: number;
  readonly flags: number;
  /** A number of `DIRECTION`; any other is refused. */
  readonly direction: number;
  /** Bytes of a page, and where they begin, that the device may have written. */
  readonly syncBytes: number;
  readonly syncOffset: number;
  /** The softirq poll whose CPU recycles directly, or `NO_CONSUMER`. */
  readonly poll: number;
  /** The CPU that the page pool belongs to, or `NO_CONSUMER`. */
  readonly cpu: number;
  /** Pages that the allocation cache holds; half of them are got at a time. */
  readonly cachePages: number;
  /** Sizes of fragments are rounded up to this. */
  readonly fragmentAlign: number;
  /** The largest number of mappings at a time. */
  readonly mappings: number;
  /** True for a page pool of packets to be sent. */
  readonly isForTransmit: boolean;
}

export const PAGE_POOL_DEFAULTS: PagePoolParameters = {
  order: 0,
  ringSlots: 0,
  node: NO_NODE,
  flags: 0,
  direction: DIRECTION.fromDevice,
  syncBytes: 0,
  syncOffset: 0,
  poll: NO_CONSUMER,
  cpu: NO_CONSUMER,
  cachePages: DEFAULT_CACHE,
  fragmentAlign: 8,
  mappings: 0,
  isForTransmit: false,
};

/** Returns 0, or the error number with which a page pool of these parameters is refused. */
export function refusalOf({ flags, direction, syncBytes, isForTransmit }: PagePoolParameters): number {
  const isMapped = (flags & PAGE_POOL_FLAG.map) !== 0;
  const isKnown = direction === DIRECTION.fromDevice || direction === DIRECTION.bidirectional;
  if ((flags & ~ALL_FLAGS) !== 0) return EINVAL;
  if (isMapped && !isKnown && !(isForTransmit && direction === DIRECTION.toDevice)) return EINVAL;
  if ((flags & PAGE_POOL_FLAG.sync) !== 0 && (!isMapped || syncBytes === 0)) return EINVAL;
  return 0;
}

/** Slots of the return ring. */
export function ringSlotsOf({ ringSlots }: PagePoolParameters): number {
  return ringSlots === 0 ? DEFAULT_RING : Math.min(ringSlots, MAX_RING);
}
