/**
 * The pools of the dynamic build: searched in turn, added to, and found again by address.
 * Models: swiotlb_find_slots, swiotlb_find_pool, swiotlb_dyn_free and dma_uses_io_tlb (kernel/dma/swiotlb.c); the slot
 * allocator's specification, sections 5.2, 9.1 to 9.5; the transmit path's, 6.3 for the order of publication.
 * Threads: any.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { Epochs } from '../../smp/epochs.js';
import { slotsOf } from '../../units.js';
import type { SwiotlbDevice } from '../slots/constraints.js';
import type { Counters } from '../slots/counters.js';
import { NO_SLOT, type SlotPool, type SlotPoolConfig } from '../slots/slot-pool.js';
import type { BlockSource } from './block-source.js';
import { foreign } from './checks.js';
import { Growth, type GrowthConfig } from './growth.js';
import { LISTED, NO_POOL, PoolList } from './pool-list.js';

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

/**
 * Where a search took slots. Filled by `search`, because returning a pair would make garbage on the hot path. A thread
 * has one of these in its `Swiotlb` and passes it to every search.
 */
export interface FoundPool {
  pool: SlotPool;
  /** Its number in the list of pools. */
  index: number;
}

export class GrowingPools {
  /** Null where the allocator must not grow. */
  readonly growth: Growth | null;
  readonly list: PoolList;
  readonly #defaultAreas: number;
  readonly #epochs: Epochs;
  readonly #counters: Counters;
  /** Per device, sticky: it has been given slots. Until then, no address of it is looked up. */
  readonly #uses: Int32Array;
  /** Word 0: transient pools that were ever made. */
  readonly #made: Int32Array;

  constructor(arena: Arena, boot: SlotPoolConfig, config: DynamicConfig, counters: Counters) {
    const { growth, devices, cpus, defaultAreas, addedPools = 64, transientPools = 256 } = config;
    const limits = { added: growth ? addedPools : 0, transient: growth ? transientPools : 0, devices };
    this.list = new PoolList(arena, boot, limits);
    this.growth = growth ? new Growth(arena, growth, this.list, growth.blocks) : null;
    this.#defaultAreas = defaultAreas;
    this.#epochs = new Epochs(arena, cpus);
    this.#counters = counters;
    this.#uses = arena.int32(devices);
    this.#made = arena.int32(1);
  }

  reset(): void {
    this.list.reset();
    this.#epochs.reset();
    this.#uses.fill(0);
    this.#made.fill(0);
    this.growth?.reset();
  }

  /** Transient pools that were made since the start, for one mapping each. */
  get transientsMade(): number {
    return Atomics.load(this.#made, 0);
  }

  /** The pools that stay, the newest first. */
  listed(): SlotPool[] {
    const { list } = this;
    const pools: SlotPool[] = [];
    for (let pool = list.first(LISTED); pool !== NO_POOL; pool = list.next(pool)) pools.push(list.pool(pool));
    return pools;
  }

  /** Has the device ever been given slots? */
  uses(device: SwiotlbDevice): boolean {
    return Atomics.load(this.#uses, device.index ?? 0) !== 0;
  }

  /** Slots in use in listed pools: the sum over areas, read without their locks. */
  used(): number {
    let used = 0;
    for (let pool = this.list.first(LISTED); pool !== NO_POOL; pool = this.list.next(pool)) {
      used += this.list.pool(pool).used();
    }
    return used;
  }

  /**
   * The first slot taken, in the slot pool that `found` then says; `NO_SLOT` when there is none, and `found` stays.
   * Six parameters, as the search of one slot pool: hot path.
   */
  search(cpu: Cpu, device: SwiotlbDevice, origin: number, total: number, alignMask: number, found: FoundPool): number {
    let slot = this.#searchListed(cpu, device, origin, total, alignMask, found);
    if (slot === NO_SLOT && this.growth !== null) {
      this.growth.schedule();
      slot = this.#searchTransient(cpu, device, origin, total, alignMask, found);
    }
    return this.#told(device, slot);
  }

  /** `search` in the pools that stay, without a wish for more of them. */
  searchListed(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundPool,
  ): number {
    return this.#told(device, this.#searchListed(cpu, device, origin, total, alignMask, found));
  }

  /** The pool that holds the address for this device, or `NO_POOL`. */
  find(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    const { list } = this;
    if (!this.uses(device)) return NO_POOL;
    for (let pool = list.first(LISTED); pool !== NO_POOL; pool = list.next(pool)) {
      if (list.pool(pool).contains(address)) return pool;
    }
    this.#epochs.enter(cpu);
    let pool = list.first(listOf(device));
    while (pool !== NO_POOL && !list.pool(pool).contains(address)) pool = list.next(pool);
    this.#epochs.exit(cpu);
    return pool;
  }

  /** `find` for an address that some pool has to hold. @throws ERR_BAD_ADDRESS */
  indexOf(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    const pool = this.find(cpu, device, address);
    if (pool === NO_POOL) throw foreign(address, this.list);
    return pool;
  }

  /** Does the background work once; answers the pool that was added, or `NO_POOL`. */
  grow(cpu: Cpu): number {
    const pool = this.growth?.work(cpu) ?? NO_POOL;
    if (pool !== NO_POOL) this.#counters.addSlots(this.list.pool(pool).slots);
    return pool;
  }

  /** A transient pool goes with its only allocation, and its memory after a grace period. */
  freeTransient(cpu: Cpu, device: SwiotlbDevice, index: number): number {
    const { slots } = this.list.pool(index);
    this.list.unlink(cpu, listOf(device), index);
    this.#epochs.synchronize(cpu);
    this.growth?.release(cpu, index);
    this.list.discard(index);
    this.#counters.addTransient(-slots);
    return slots;
  }

  /** Who is told of the address has to find its pool: the flag, and every link before it, are visible from here on. */
  #told(device: SwiotlbDevice, slot: number): number {
    if (slot !== NO_SLOT) Atomics.store(this.#uses, device.index ?? 0, 1);
    return slot;
  }

  /** The home area of every pool comes before the neighbour of any. */
  #searchListed(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundPool,
  ): number {
    const { list } = this;
    for (let step = 0; step < this.#defaultAreas; step++) {
      for (let index = list.first(LISTED); index !== NO_POOL; index = list.next(index)) {
        const pool = list.pool(index);
        const { count } = pool.areas;
        if (step >= count) continue;
        const slot = pool.search(cpu, (cpu.id + step) & (count - 1), device, origin, total, alignMask);
        if (slot === NO_SLOT) continue;
        found.pool = pool;
        found.index = index;
        return slot;
      }
    }
    return NO_SLOT;
  }

  /** A pool of its own for a request that found all others full. */
  #searchTransient(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundPool,
  ): number {
    const growth = this.growth!;
    const wanted = slotsOf(total);
    const index = growth.transient(cpu, wanted, device.addressLimit ?? Infinity);
    if (index === NO_POOL) return NO_SLOT;
    const pool = this.list.pool(index);
    const slot = pool.search(cpu, 0, device, origin, total, alignMask);
    if (slot === NO_SLOT) {
      growth.release(cpu, index);
      this.list.discard(index);
      return NO_SLOT;
    }
    this.#counters.addTransient(wanted);
    Atomics.add(this.#made, 0, 1);
    this.list.link(cpu, listOf(device), index);
    found.pool = pool;
    found.index = index;
    return slot;
  }
}

/** The list of a device's transient pools. */
function listOf(device: SwiotlbDevice): number {
  return 1 + (device.index ?? 0);
}
