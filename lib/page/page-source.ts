/**
 * Where socket pages come from: one of the three parts that a design may differ in. The sources are `SystemPages`, for
 * ordinary memory, and `BouncePages`, carved from slots of a slot pool.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';

/**
 * What an allocation asks for besides its pages, as bits. Models: gfp_t, as far as a page fragment uses it. The sources
 * of a machine have nothing to reclaim, and ignore it.
 */
export const ASK = {
  /** It may reclaim memory itself, and wait for that. */
  directReclaim: 1,
  /** It wakes the thread that reclaims memory when there is little. */
  wakesReclaim: 2,
  noRetry: 4,
  compound: 8,
} as const;

/** Where socket pages come from. Any thread. */
export interface PageSource {
  /**
   * Allocates 2^order pages as one compound page with one reference, or returns `NO_PAGE`. Never sleeps. `asked`: bits
   * of `ASK`.
   */
  alloc(cpu: Cpu, order: number, asked?: number): number;
  /** Frees pages that `alloc` returned, once their last reference is gone. */
  free(cpu: Cpu, pfn: number): void;
}

/** Order of the page of a page fragment, 32 KiB. */
export const FRAG_ORDER = 3;
export const FRAG_BYTES = PAGE_SIZE << FRAG_ORDER;
