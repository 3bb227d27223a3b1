/**
 * How the allocator of a machine is made to grow, and the work in the background that some growth needs.
 * Models: swiotlb_dyn_alloc as an item of a workqueue (kernel/dma/swiotlb.c); the slot allocator's specification, section
 * 9.3. Deviation: a worker of the machine's own does it, on a thread that is not pinned, instead of one that all share.
 */
import type { GrowthBlocks } from '../../page/growth-blocks.js';
import type { Cpu } from '../../smp/cpu.js';
import type { SwiotlbConfig } from '../../swiotlb/config.js';
import type { GrowingPools } from '../../swiotlb/pools/growing-pools.js';
import { type Growth, MIN_SLOTS } from '../../swiotlb/pools/growth.js';
import { NO_POOL } from '../../swiotlb/pools/pool-list.js';
import { nextPowerOfTwo, SLOT_SIZE } from '../../units.js';
import type { MachineConfig } from './config.js';

/** Threads that map or look addresses up besides the logical CPUs: a device that reads, and the worker. */
const OTHER_CPUS = 2;
/** The machine's memory is one zone, so none of it is below the others. */
const ZONE_DMA_LIMIT = 0;
/** What records of pools are kept for; a transient pool serves one mapping, which takes one descriptor. */
const MOST = { added: 64, transient: 1024 };
/** Whoever ends the round wakes the worker; this is for a round that nobody ends. */
const WAIT_MS = 1000;

type GrowthOptions = Pick<SwiotlbConfig, 'dynamic' | 'perMapping'>;

/** What makes an allocator grow as the machine is to, out of these blocks. */
export function growthOptions(config: MachineConfig, blocks: GrowthBlocks | null): GrowthOptions {
  if (blocks === null) return {};
  const { cpus, slotPool, devices } = config;
  if (slotPool.growth === 'per-mapping') {
    return { perMapping: { blocks, devices: devices.count, zoneDmaLimit: ZONE_DMA_LIMIT } };
  }
  const defaultSlots = slotPool.bytes / SLOT_SIZE;
  const defaultAreas = nextPowerOfTwo(cpus.count);
  const growth = { defaultSlots, defaultAreas, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT, blocks };
  const limits = {
    addedPools: Math.min(Math.floor(slotPool.growthBytes / (MIN_SLOTS * SLOT_SIZE)), MOST.added),
    transientPools: Math.min(devices.queues * devices.ringDescriptors, MOST.transient),
  };
  return { dynamic: { defaultAreas, devices: devices.count, cpus: cpus.count + OTHER_CPUS, growth, ...limits } };
}

/** Adds pools when requests have found all others full. Owner: one thread. */
export class GrowthWork {
  readonly cpu: Cpu;
  readonly #pools: GrowingPools;
  readonly #growth: Growth;

  constructor(cpu: Cpu, pools: GrowingPools, growth: Growth) {
    this.cpu = cpu;
    this.#pools = pools;
    this.#growth = growth;
  }

  /** Adds a pool if one is wanted. False when none is, or when there is no memory for it. */
  step(): boolean {
    return this.#growth.isPending && this.#pools.grow(this.cpu) !== NO_POOL;
  }

  /** Waits for work and does it, until nobody can want any. */
  run(): void {
    while (!this.#growth.isOver && !this.cpu.table.isAborted()) {
      if (this.#growth.waitForWork(WAIT_MS)) this.step();
    }
  }
}
