/**
 * What an allocator is made with, and what it has to know of devices. Plain data that may cross threads, but for the
 * source of blocks.
 */

import type { PerMappingConfig } from './per-mapping/per-mapping.js';
import type { DynamicConfig } from './pools/growing-pools.js';
import type { SlotPoolConfig } from './slots/slot-pool.js';

export interface SwiotlbConfig extends SlotPoolConfig {
  readonly dynamic?: DynamicConfig;
  /** The earlier design of growth, before the slots of the static build: not together with `dynamic`. */
  readonly perMapping?: PerMappingConfig;
  /** Count used slots exactly, for `statistics`; false by default, when the sum over areas stands for it. */
  readonly exactCounters?: boolean;
  /**
   * Checked mode, false by default: `details.reason` tells apart what is wrong with an address that is given back, and a
   * sync past the allocation is refused instead of cut.
   */
  readonly checked?: boolean;
  /**
   * A mapping records its own size once more, over that of its slots, as the 2026 patch has it; false by default. Where
   * alignment has made the slots more than the mapping, only those of the mapping are ever given back.
   */
  readonly allocSizeOverride?: boolean;
}
