/** The configuration of an allocator: plain data that may cross threads, except for the sources of blocks. */

import { checkOptions } from '../limits.js';
import type { PerMappingConfig } from './per-mapping/per-mapping.js';
import type { DynamicConfig } from './pools/growing-slot-pools.js';
import type { SlotPoolConfig } from './slots/slot-pool.js';

/** What `new Swiotlb` takes. */
export interface SwiotlbConfig extends SlotPoolConfig {
  /** How several slot pools grow and how many may exist; absent: there is the boot pool only. */
  readonly dynamic?: DynamicConfig;
  /** The earlier design of growth: buffers before the slots of the static build. Not together with `dynamic`. */
  readonly perMapping?: PerMappingConfig;
  /** Counts used slots exactly for `statistics`; false by default, when the sum over areas is used instead. */
  readonly exactCounters?: boolean;
  /**
   * Checked mode; false by default. An error for an address that cannot be freed says why in `details.reason`, and a
   * sync past the end of the allocation is refused instead of cut.
   */
  readonly checked?: boolean;
  /**
   * A mapping records its own size over that of its slots, as in the 2026 patch; false by default. Where alignment has
   * made the slots more than the mapping, only those of the mapping are ever freed. See
   * docs/spec/tx-path.md#the-allocsize-override.
   */
  readonly allocSizeOverride?: boolean;
}

/**
 * Refuses names that a configuration, or a part of it, does not have.
 * @throws ERR_UNKNOWN_OPTION
 */
export function requireNames(config: SwiotlbConfig): void {
  const switches = ['dynamic', 'perMapping', 'exactCounters', 'checked', 'allocSizeOverride'];
  checkOptions('new Swiotlb()', config, ['start', 'slots', 'areas', ...switches]);
  const { dynamic, perMapping } = config;
  if (perMapping) {
    const names = ['blocks', 'devices', 'zoneDmaLimit', 'lookup', 'buffers'];
    checkOptions('`perMapping` of new Swiotlb()', perMapping, names);
  }
  if (!dynamic) return;
  const names = ['defaultAreas', 'devices', 'cpus', 'growth', 'addedSlotPools', 'transientPools'];
  checkOptions('`dynamic` of new Swiotlb()', dynamic, names);
  if (dynamic.growth === null) return;
  const growth = ['defaultSlots', 'defaultAreas', 'physLimit', 'zoneDmaLimit', 'blocks'];
  checkOptions('`dynamic.growth` of new Swiotlb()', dynamic.growth, growth);
}
