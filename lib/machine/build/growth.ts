/**
 * How the slot allocator of a machine grows, and the work in the background that growth by slot pools needs.
 * Models: swiotlb_dyn_alloc as an item of a workqueue (kernel/dma/swiotlb.c); see
 * docs/spec/swiotlb.md#background-growth.
 * Deviation: a worker thread of the machine does it, which is not pinned, instead of a worker that all share.
 */
import type { GrowthBlocks } from '../../page/growth-blocks.js';
import type { Cpu } from '../../smp/cpu.js';
import type { SwiotlbConfig } from '../../swiotlb/config.js';
import type { GrowingSlotPools } from '../../swiotlb/pools/growing-slot-pools.js';
import { type Growth, MIN_SLOTS } from '../../swiotlb/pools/growth.js';
import { NO_SLOT_POOL } from '../../swiotlb/pools/slot-pool-list.js';
import { SLOT_SIZE } from '../../units.js';
import type { MachineConfig } from './config.js';
import { wantedAreasOf } from './sizing.js';

/** Threads that map, or look up addresses, besides the logical CPUs: a device that reads, and the worker. */
const OTHER_CPUS = 2;
/** The memory of a machine is one zone, so no part of it lies in a lower zone. */
const ZONE_DMA_LIMIT = 0;
/** Limits of the records of slot pools. A transient pool serves one mapping, which takes one descriptor. */
const MAX_POOLS = { added: 64, transient: 1024 };
/** How long the worker waits at a time. The end of a trial wakes it; this is for a trial whose owner has died. */
const WAIT_MS = 1000;

type GrowthOptions = Pick<SwiotlbConfig, 'dynamic' | 'perMapping'>;

/** Returns the options that let a slot allocator grow out of these blocks, as the machine is configured to. */
export function growthOptions(config: MachineConfig, blocks: GrowthBlocks | null): GrowthOptions {
  if (blocks === null) return {};
  const { cpus, slotPool, devices } = config;
  if (slotPool.growth === 'per-mapping') {
    return { perMapping: { blocks, devices: devices.count, zoneDmaLimit: ZONE_DMA_LIMIT } };
  }
  const defaultSlots = slotPool.bytes / SLOT_SIZE;
  const defaultAreas = wantedAreasOf(config);
  const growth = { defaultSlots, defaultAreas, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT, blocks };
  const limits = {
    addedSlotPools: Math.min(Math.floor(slotPool.growthBytes / (MIN_SLOTS * SLOT_SIZE)), MAX_POOLS.added),
    transientPools: Math.min(devices.queues * devices.ringDescriptors, MAX_POOLS.transient),
  };
  return { dynamic: { defaultAreas, devices: devices.count, cpus: cpus.count + OTHER_CPUS, growth, ...limits } };
}

/** Adds slot pools when requests have found all others full. Owner: one thread. */
export class GrowthWork {
  readonly cpu: Cpu;
  readonly #pools: GrowingSlotPools;
  readonly #growth: Growth;

  constructor(cpu: Cpu, pools: GrowingSlotPools, growth: Growth) {
    this.cpu = cpu;
    this.#pools = pools;
    this.#growth = growth;
  }

  /** Adds a slot pool if one is wanted. Returns false when none is wanted, or when there is no memory for it. */
  step(): boolean {
    return this.#growth.isPending && this.#pools.grow(this.cpu) !== NO_SLOT_POOL;
  }

  /** Waits for work and does it, until the trial has ended. */
  run(): void {
    while (!this.#growth.isOver && !this.cpu.table.isAborted()) {
      if (this.#growth.waitForWork(WAIT_MS)) this.step();
    }
  }
}
