/**
 * The slot pools of the dynamic build: searched in turn, added to, and found again by address.
 * Models: swiotlb_find_slots, swiotlb_find_pool, swiotlb_dyn_free and dma_uses_io_tlb (kernel/dma/swiotlb.c). See
 * docs/spec/swiotlb.md#search-order-of-areas-and-slot-pools, docs/spec/swiotlb.md#growth, and for the order of
 * publication docs/spec/tx-path.md#ordering-obligations. Threads: any.
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
import { LISTED, NO_SLOT_POOL, SlotPoolList } from './slot-pool-list.js';

/** The dynamic build of Linux: several slot pools may exist. Absent: the static build, with the boot pool only. */
export interface DynamicConfig {
  /** Areas of the boot pool as configured, before memory ran short: the number of steps that a search takes. */
  readonly defaultAreas: number;
  /** Devices that may map; their indices are below it. */
  readonly devices: number;
  /** CPUs that may map. */
  readonly cpus: number;
  /** How and with what memory to grow; null for an allocator that must not grow (a restricted pool). */
  readonly growth:
    | (GrowthConfig & {
        /** Where the memory of added slot pools comes from. */
        readonly blocks: BlockSource;
      })
    | null;
  /** Added slot pools that may exist at the same time; 64 by default. */
  readonly addedSlotPools?: number;
  /** Transient pools that may exist at the same time; 256 by default. */
  readonly transientPools?: number;
}

/**
 * Where a search took slots. Filled by `search`, because returning a pair would make garbage on the hot path. A thread
 * has one of these in its `Swiotlb` and passes it to every search.
 */
export interface FoundSlotPool {
  /** The slot pool, as an object of the calling thread. */
  pool: SlotPool;
  /** Its number among the slot pools. */
  index: number;
}

/** The slot pools of an allocator that may grow. Threads: any. */
export class GrowingSlotPools {
  /** Null if the allocator must not grow. @internal */
  readonly growth: Growth | null;
  /** The slot pools that exist. @internal */
  readonly list: SlotPoolList;
  /** As configured: the number of steps that a search takes. */
  readonly defaultAreas: number;
  readonly #epochs: Epochs;
  readonly #counters: Counters;
  /** For each device, sticky: 1 once it has been given slots. Until then, none of its addresses is looked up. */
  readonly #uses: Int32Array;
  /** Word 0: transient pools made so far. */
  readonly #made: Int32Array;

  constructor(arena: Arena, boot: SlotPoolConfig, config: DynamicConfig, counters: Counters) {
    const { growth, devices, cpus, defaultAreas, addedSlotPools = 64, transientPools = 256 } = config;
    const limits = { added: growth ? addedSlotPools : 0, transient: growth ? transientPools : 0, devices };
    this.list = new SlotPoolList(arena, boot, limits);
    this.growth = growth ? new Growth(arena, growth, this.list, growth.blocks) : null;
    this.defaultAreas = defaultAreas;
    this.#epochs = new Epochs(arena, cpus);
    this.#counters = counters;
    this.#uses = arena.int32(devices);
    this.#made = arena.int32(1);
  }

  /** Leaves the boot pool alone, and empties it. One thread, before any other uses it. */
  reset(): void {
    this.list.reset();
    this.#epochs.reset();
    this.#uses.fill(0);
    this.#made.fill(0);
    this.growth?.reset();
  }

  /** Transient pools made so far, one for each mapping that needed it. */
  get transientsMade(): number {
    return Atomics.load(this.#made, 0);
  }

  /** The slot pools that stay, the newest first. */
  listed(): SlotPool[] {
    const { list } = this;
    const pools: SlotPool[] = [];
    for (let pool = list.first(LISTED); pool !== NO_SLOT_POOL; pool = list.next(pool)) pools.push(list.pool(pool));
    return pools;
  }

  /** True if the device has ever been given slots. */
  uses(device: SwiotlbDevice): boolean {
    return Atomics.load(this.#uses, device.index ?? 0) !== 0;
  }

  /** Used slots of listed slot pools: the sum over areas, read without their locks. */
  used(): number {
    let used = 0;
    for (let pool = this.list.first(LISTED); pool !== NO_SLOT_POOL; pool = this.list.next(pool)) {
      used += this.list.pool(pool).used();
    }
    return used;
  }

  /**
   * Takes slots in any slot pool, or in a new transient pool. Returns the first slot and fills `found`; returns
   * `NO_SLOT` and leaves `found` alone when there are none. Has six parameters for the reason of `SlotPool.search`.
   */
  search(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundSlotPool,
  ): number {
    let slot = this.#searchListed(cpu, device, origin, total, alignMask, found);
    if (slot === NO_SLOT && this.growth !== null) {
      this.growth.schedule();
      slot = this.#searchTransient(cpu, device, origin, total, alignMask, found);
    }
    return this.publish(device, slot);
  }

  /** Takes slots in a slot pool that stays, without asking for growth. Has the parameters of `search`. */
  searchListed(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundSlotPool,
  ): number {
    return this.publish(device, this.#searchListed(cpu, device, origin, total, alignMask, found));
  }

  /** The slot pool that holds the address for this device, or `NO_SLOT_POOL`. */
  find(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    const { list } = this;
    if (!this.uses(device)) return NO_SLOT_POOL;
    for (let pool = list.first(LISTED); pool !== NO_SLOT_POOL; pool = list.next(pool)) {
      if (list.pool(pool).contains(address)) return pool;
    }
    this.#epochs.enter(cpu);
    let pool = list.first(listOf(device));
    while (pool !== NO_SLOT_POOL && !list.pool(pool).contains(address)) pool = list.next(pool);
    this.#epochs.exit(cpu);
    return pool;
  }

  /** `find` for an address that a slot pool has to hold. @throws ERR_BAD_ADDRESS */
  indexOf(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    const pool = this.find(cpu, device, address);
    if (pool === NO_SLOT_POOL) throw foreign(address, this.list);
    return pool;
  }

  /** Does the background work once. Returns the slot pool that was added, or `NO_SLOT_POOL`. */
  grow(cpu: Cpu): number {
    const pool = this.growth?.work(cpu) ?? NO_SLOT_POOL;
    if (pool !== NO_SLOT_POOL) this.#counters.addSlots(this.list.pool(pool).slots);
    return pool;
  }

  /**
   * Removes a transient pool with its only allocation, and frees its memory after a grace period. Returns its slots.
   */
  freeTransient(cpu: Cpu, device: SwiotlbDevice, index: number): number {
    const { slots } = this.list.pool(index);
    this.list.unlink(cpu, listOf(device), index);
    this.#epochs.synchronize(cpu);
    this.growth?.release(cpu, index);
    this.list.discard(index);
    this.#counters.addTransient(-slots);
    return slots;
  }

  /**
   * Makes the flag, and all links before it, visible if slots were found, before their address is given to any thread:
   * it must find their slot pool.
   */
  publish(device: SwiotlbDevice, slot: number): number {
    if (slot !== NO_SLOT) Atomics.store(this.#uses, device.index ?? 0, 1);
    return slot;
  }

  /** Searches the home areas of all slot pools first, then their neighbours. Has the parameters of `search`. */
  #searchListed(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundSlotPool,
  ): number {
    const { list } = this;
    for (let step = 0; step < this.defaultAreas; step++) {
      for (let index = list.first(LISTED); index !== NO_SLOT_POOL; index = list.next(index)) {
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

  /** Makes a transient pool for a request that found all other slot pools full. Has the parameters of `search`. */
  #searchTransient(
    cpu: Cpu,
    device: SwiotlbDevice,
    origin: number,
    total: number,
    alignMask: number,
    found: FoundSlotPool,
  ): number {
    const growth = this.growth!;
    const wanted = slotsOf(total);
    const index = growth.transient(cpu, wanted, device.addressLimit ?? Infinity);
    if (index === NO_SLOT_POOL) return NO_SLOT;
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
