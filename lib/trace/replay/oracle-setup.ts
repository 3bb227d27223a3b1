/** Makes what the header of an oracle trace describes: an allocator, its devices, and CPUs. */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { cpusOfOneThread } from '../../smp/cpus-of-one-thread.js';
import type { BlockSource } from '../../swiotlb/pools/block-source.js';
import type { DynamicConfig } from '../../swiotlb/pools/growing-slot-pools.js';
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import { Swiotlb } from '../../swiotlb/swiotlb.js';
import type { TraceHeader } from '../format/trace-header.js';

/** Slot pools that may exist at the same time: several times what the longest known trace needs. */
const POOLS = { addedSlotPools: 256, transientPools: 512 };

const unlimited = (mask: number) => (mask === -1 ? Infinity : mask);

/**
 * Memory for one allocator at a time. New memory for each of many traces would cost more than replaying a short one.
 */
export class ReplayMemory {
  #buffer = new SharedArrayBuffer(0);

  /** Returns an arena over memory that still holds what was there before: the caller resets what it builds. */
  arenaFor(build: (arena: Arena) => unknown): Arena {
    const bytes = Arena.bytesFor(build);
    if (this.#buffer.byteLength < bytes) this.#buffer = new SharedArrayBuffer(bytes);
    return Arena.over(this.#buffer);
  }
}

/** Makes the allocator; `blocks` returns page memory as the trace says. */
export function allocatorOf({ config, devices }: TraceHeader, blocks: BlockSource, memory: ReplayMemory): Swiotlb {
  const growth = {
    defaultSlots: config.defaultNslabs,
    defaultAreas: config.defaultNareas,
    physLimit: unlimited(config.physLimit),
    zoneDmaLimit: config.zoneDmaLimit,
    blocks,
  };
  const dynamic: DynamicConfig = {
    defaultAreas: config.defaultNareas,
    devices: devices.length,
    cpus: config.ncpus,
    growth: config.canGrow ? growth : null,
    ...POOLS,
  };
  const pool = { start: config.physBase, slots: config.nslabs, areas: config.nareas };
  const build = (arena: Arena) =>
    new Swiotlb(arena, { ...pool, exactCounters: true, ...(config.dynamic ? { dynamic } : {}) });
  const swiotlb = build(memory.arenaFor(build));
  swiotlb.reset();
  return swiotlb;
}

export function devicesOf({ devices }: TraceHeader): SwiotlbDevice[] {
  return devices.map(({ minAlignMask, segBoundary, dmaMask, busDmaLimit }, index) => ({
    index,
    minAlignMask,
    segmentBoundaryMask: unlimited(segBoundary),
    addressLimit: Math.min(unlimited(dmaMask), busDmaLimit === 0 ? Infinity : busDmaLimit),
  }));
}

export function cpusOf({ config }: TraceHeader): Cpu[] {
  return cpusOfOneThread(config.ncpus);
}
