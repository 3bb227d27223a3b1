/**
 * What an allocator is made with, and what it has to know of devices. Plain data that may cross threads, but for the
 * source of blocks.
 */

import type { PerMappingConfig } from './per-mapping/per-mapping.js';
import type { BlockSource } from './pools/block-source.js';
import type { GrowthConfig } from './pools/growth.js';
import type { DmaConstraints, SlotPoolConfig } from './slots/slot-pool.js';

/** What the allocator has to know of a device. */
export interface SwiotlbDevice extends DmaConstraints {
  /** Its number among the devices of the allocator, from 0 (the default). */
  readonly index?: number;
  /** Highest address that it can be given; `Infinity` by default. Only transient pools go by it. */
  readonly addressLimit?: number;
}

/** The dynamic build of Linux: several pools may exist. Absent: the static build, with the start-up pool only. */
export interface DynamicConfig {
  /** Areas of the start-up pool as they were wanted, before memory ran short: how many steps a search takes. */
  readonly defaultAreas: number;
  /** Devices that may map; their indices are below it. */
  readonly devices: number;
  /** CPUs that may map. */
  readonly cpus: number;
  /** How and with what memory to grow; null for an allocator that must not (restricted pools). */
  readonly growth: (GrowthConfig & { readonly blocks: BlockSource }) | null;
  /** Pools that growth may add, and transient pools that may exist at the same time. 64 and 256 by default. */
  readonly addedPools?: number;
  readonly transientPools?: number;
}

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
