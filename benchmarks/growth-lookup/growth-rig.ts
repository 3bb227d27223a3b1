/**
 * An allocator that grows in one of the ways under discussion, with N live mappings of one device, and the operations
 * of a driver on it. One thread, no copies, and no memory behind the addresses: only the bookkeeping is measured.
 */
import { CopytaxError } from '../../lib/errors.js';
import { GROWTH_ALIGN } from '../../lib/model-limits.js';
import { GrowthBlocks } from '../../lib/page/growth-blocks.js';
import { PageTable } from '../../lib/page/page-table.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import type { SwiotlbConfig } from '../../lib/swiotlb/config.js';
import { MIN_SLOTS } from '../../lib/swiotlb/pools/growth.js';
import { MAX_ADDED_SLOTS, NO_SLOT_POOL } from '../../lib/swiotlb/pools/slot-pool-list.js';
import type { SwiotlbDevice } from '../../lib/swiotlb/slots/constraints.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { nextPowerOfTwo, PAGE_SIZE, SLOTS_PER_PAGE } from '../../lib/units.js';

/** No growth with a slot pool that is large enough, the released design, and the earlier one with either lookup. */
export const GROWTHS = ['none', 'pools', 'per-mapping-list', 'per-mapping-tree'] as const;
export type GrowthKind = (typeof GROWTHS)[number];

/** Does an operation `count` times; returns a sum that depends on the work. */
export type GrowthOperation = (count: number) => number;

const DEVICES = 2;
const OWNER: SwiotlbDevice = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
const ASKING = { owner: OWNER, bystander: { ...OWNER, index: 1 } };
type AskingDevice = keyof typeof ASKING;

/** Addresses outside of bounce memory: of originals, and of memory that is not bounced. */
const ORIGIN = PAGE_SIZE;
const ORIGINS = 1024;
const POOL_START = GROWTH_ALIGN * 2;
/** All addresses are below 2^30: larger ones would be objects on the heap of JavaScript. */
const MEMORY_START = 2 ** 28;

export class GrowthRig {
  readonly #blocks: GrowthBlocks;
  readonly #swiotlb: Swiotlb;
  readonly #cpu = Cpu.alone();
  /** Live mappings, the oldest at `#oldest`. */
  readonly #live: Int32Array;
  #oldest = 0;
  readonly #range = { origin: 0, bytes: 0 };

  private constructor(arena: Arena, kind: GrowthKind, live: number) {
    // Half of the slots stay free, so that no search is for the last ones.
    const slots = nextPowerOfTwo(Math.max(MIN_SLOTS, 2 * SLOTS_PER_PAGE * live));
    const bytes = slots * (PAGE_SIZE / SLOTS_PER_PAGE) + 2 * GROWTH_ALIGN;
    const pages = new PageTable(arena, (MEMORY_START + bytes) / PAGE_SIZE);
    this.#blocks = new GrowthBlocks(arena, pages, MEMORY_START, bytes);
    this.#swiotlb = new Swiotlb(arena, this.#config(kind, slots, live));
    this.#live = new Int32Array(live);
  }

  static create(kind: GrowthKind, live: number): GrowthRig {
    const rig = new GrowthRig(
      Arena.for((counting) => new GrowthRig(counting, kind, live)),
      kind,
      live,
    );
    rig.#fill();
    return rig;
  }

  /** Number of slot pools that an address of the device may lie in. */
  get pools(): number {
    return this.#swiotlb.pools?.listed().length ?? 1;
  }

  /** Maps a page, then syncs and unmaps a mapping: the one just made, or the oldest, as a ring completes them. */
  mapping(order: 'newest' | 'oldest'): GrowthOperation {
    return order === 'newest' ? (count) => this.#newest(count) : (count) => this.#throughRing(count);
  }

  /** Asks whether an address is bounced that is not: for the device with all mappings, or for one without any. */
  foreign(device: AskingDevice): GrowthOperation {
    const asking = ASKING[device];
    return (count) => this.#foreign(asking, count);
  }

  /** True if the flag of the device is set, so that an address of it may be bounced. */
  isFlagged(device: AskingDevice): boolean {
    return this.#swiotlb.mayHold(ASKING[device], ORIGIN);
  }

  #config(kind: GrowthKind, slots: number, live: number): SwiotlbConfig {
    const blocks = this.#blocks;
    const first = { start: POOL_START, slots: kind === 'none' ? slots : MIN_SLOTS, areas: 1 };
    if (kind === 'none') return first;
    if (kind !== 'pools') {
      const lookup = kind === 'per-mapping-tree' ? 'tree' : 'list';
      return { ...first, perMapping: { blocks, devices: DEVICES, zoneDmaLimit: 0, lookup, buffers: live + 1 } };
    }
    const added = { defaultSlots: MAX_ADDED_SLOTS, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: 0 };
    return { ...first, dynamic: { defaultAreas: 1, devices: DEVICES, cpus: 1, growth: { ...added, blocks } } };
  }

  #fill(): void {
    this.#blocks.reset();
    this.#swiotlb.reset();
    // In Linux background work would have done this long before.
    const room = SLOTS_PER_PAGE * (this.#live.length + 1);
    while (this.#swiotlb.pools !== null && this.#swiotlb.slots < room) {
      if (this.#swiotlb.pools.grow(this.#cpu) === NO_SLOT_POOL) throw full();
    }
    for (let i = 0; i < this.#live.length; i++) this.#live[i] = this.#map(i);
  }

  #newest(count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.#syncAndUnmap(this.#map(i));
    return sum;
  }

  #throughRing(count: number): number {
    const live = this.#live;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#oldest;
      const made = this.#map(i);
      sum += this.#syncAndUnmap(live[at]!);
      live[at] = made;
      this.#oldest = at + 1 === live.length ? 0 : at + 1;
    }
    return sum;
  }

  #foreign(device: SwiotlbDevice, count: number): number {
    let bounced = 0;
    for (let i = 0; i < count; i++) {
      if (this.#swiotlb.isBounce(this.#cpu, device, ORIGIN + (i % ORIGINS) * PAGE_SIZE)) bounced++;
    }
    if (bounced !== 0) throw new CopytaxError('ERR_UNBALANCED', `${bounced} addresses count as bounced that are not`);
    return count;
  }

  #map(i: number): number {
    const origin = ORIGIN + (i % ORIGINS) * PAGE_SIZE;
    const address = this.#swiotlb.alloc(this.#cpu, OWNER, origin, PAGE_SIZE, 0);
    if (address === NO_ADDRESS) throw full();
    return address;
  }

  /** Does what the DMA layer does: asks whether the address is bounced, finds its original, and releases the slots. */
  #syncAndUnmap(address: number): number {
    const io = this.#swiotlb;
    if (!io.isBounce(this.#cpu, OWNER, address)) throw full();
    io.originOf(this.#cpu, OWNER, address, PAGE_SIZE, this.#range);
    io.free(this.#cpu, OWNER, address);
    return this.#range.origin;
  }
}

function full(): CopytaxError {
  return new CopytaxError('ERR_SWIOTLB_FULL', 'the rig for growth has less memory than its mappings need');
}
