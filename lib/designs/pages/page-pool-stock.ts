/**
 * How many pages page pools over bounce memory may keep in stock.
 * Source: docs/spec/tx-path.md#exhaustion-and-hoarding. Linux's sizes are for ordinary memory: two page pools of them
 * can hold all blocks of a usual slot pool. Pure.
 */
import type { Flavour } from '../../flavour.js';
import { FRAG_BYTES } from '../../page/page-source.js';
import { PAGE_POOL_DEFAULTS } from '../../page/pool/page-pool-parameters.js';

/** Pages that the allocation cache and the return ring of a page pool hold. */
export interface PagePoolStock {
  readonly ringSlots: number;
  readonly cachePages: number;
}

/** Share of the slot pool that all page pools together may keep in stock. */
const STOCK_SHARE = 0.9;
/** Pages of an allocation cache that is kept small. */
const SMALL_CACHE = 16;
const MAX_RING_SLOTS = 1024;

/**
 * The stock of a page pool: as it is configured, else in `hardened` what its share of the slot pool holds, else Linux's
 * (a ring of 0 is its default).
 * @param shareBytes the slot pool, divided by the number of page pools
 */
export function stockOf(configured: PagePoolStock, flavour: Flavour, shareBytes: number): PagePoolStock {
  const share = Math.floor((STOCK_SHARE * shareBytes) / FRAG_BYTES);
  const isHardened = flavour === 'hardened';
  const small = Math.max(1, Math.min(SMALL_CACHE, share >> 1));
  const cachePages = configured.cachePages || (isHardened ? small : PAGE_POOL_DEFAULTS.cachePages);
  const ring = isHardened ? Math.max(1, Math.min(MAX_RING_SLOTS, share - cachePages)) : 0;
  return { ringSlots: configured.ringSlots || ring, cachePages };
}
