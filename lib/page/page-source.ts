/**
 * Where socket pages come from: one of the three parts that a design may differ in. The sources are `SystemPages`, for
 * ordinary memory, and `BouncePages`, carved from slots of a slot pool.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';

export interface PageSource {
  /** Allocates 2^order pages as one compound page with one reference, or returns `NO_PAGE`. Never sleeps. */
  alloc(cpu: Cpu, order: number): number;
  /** Frees pages that `alloc` returned, once their last reference is gone. */
  free(cpu: Cpu, pfn: number): void;
}

/** Order of the page of a page fragment, 32 KiB. */
export const FRAG_ORDER = 3;
export const FRAG_BYTES = PAGE_SIZE << FRAG_ORDER;
