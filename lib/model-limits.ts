/**
 * Limits of the model. Apart from what has them, because knobs of a machine name them, and so do options of a bench run
 * and words of reports, which need no machine: an import of a report would else load half of the model.
 */
import { PAGE_SIZE } from './units.js';

/** Highest number of payload bytes of an skb (GSO_MAX_SIZE). */
export const MAX_SKB_BYTES = 65536;

/** Highest number of buffers of an owner of type `buffered`. */
export const MAX_BUFFERS = 16;

/** Order of the largest block of memory for growth, which holds the largest slot pool that can be added: 4 MiB. */
export const GROWTH_ORDER = 10;
/** Alignment of that memory, bytes, so that its blocks are aligned. */
export const GROWTH_ALIGN = PAGE_SIZE << GROWTH_ORDER;

/** Highest percentage of the slots for pages that takes effect. */
export const MAX_PERCENT = 90;
