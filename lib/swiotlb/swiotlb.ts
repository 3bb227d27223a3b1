/**
 * The software IO TLB: finds slots for a mapping, remembers where its bytes belong, and gives the slots back.
 * Models: swiotlb_tbl_map_single, swiotlb_find_slots, swiotlb_find_pool and swiotlb_tbl_unmap_single
 * (kernel/dma/swiotlb.c); the slot allocator's specification, sections 4 to 10. Deviation: it moves no bytes. Who maps
 * makes the copy, so that one native crossing can carry all copies of an skb.
 * Threads: any.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { low31, PAGE_SIZE, roundUp, SEGMENT_BYTES, SLOT_SHIFT, SLOT_SIZE, slotsOf } from '../units.js';
import type { SwiotlbConfig, SwiotlbDevice } from './config.js';
import { NO_BUFFER, PerMapping } from './per-mapping/per-mapping.js';
import { assertBegins, assertEnough, assertTaken } from './pools/checks.js';
import { GrowingPools } from './pools/growing-pools.js';
import { BOOT_POOL, NO_POOL } from './pools/pool-list.js';
import { type BounceRange, rangeInPool } from './slots/bounce-range.js';
import { Counters, type SwiotlbStatistics } from './slots/counters.js';
import { type DmaConstraints, NO_SLOT, SlotPool } from './slots/slot-pool.js';
import { NO_ORIGIN } from './slots/slot-table.js';

/** What `alloc` answers when no slots were found. */
export const NO_ADDRESS = -1;

// The engine knows the value of a constant of this module, and would load an exported or imported one at every use.
const LARGEST = SEGMENT_BYTES;
const IN_SLOT = SLOT_SIZE - 1;
const SHIFT = SLOT_SHIFT;
const NONE = NO_SLOT;

export class Swiotlb {
  /** The pool from start-up. */
  readonly pool: SlotPool;
  /** All pools, where there may be more than one (the dynamic build); else null. */
  readonly pools: GrowingPools | null;
  /** Buffers of single mappings, where these come before slots (the earlier design of growth); else null. */
  readonly perMapping: PerMapping | null;
  readonly #counters: Counters;
  readonly #exact: boolean;
  readonly #checked: boolean;
  readonly #overrides: boolean;

  /** @throws ERR_INVALID_ARG_TYPE when the configuration has both designs of growth */
  constructor(arena: Arena, config: SwiotlbConfig) {
    if (config.dynamic && config.perMapping) {
      throw new CopytaxError('ERR_INVALID_ARG_TYPE', 'an allocator grows by pools or by mappings, not by both');
    }
    this.#counters = new Counters(arena);
    this.#exact = config.exactCounters ?? false;
    this.#checked = config.checked ?? false;
    this.#overrides = config.allocSizeOverride ?? false;
    this.pools = config.dynamic ? new GrowingPools(arena, config, config.dynamic, this.#counters) : null;
    this.pool = this.pools?.list.boot ?? new SlotPool(arena, config);
    this.perMapping = config.perMapping ? new PerMapping(arena, config.perMapping) : null;
  }

  reset(): void {
    (this.pools ?? this.pool).reset();
    this.perMapping?.reset();
    this.#counters.reset(this.pool.slots);
  }

  /** The pools that stay, the one from start-up last. */
  listed(): SlotPool[] {
    return this.pools?.listed() ?? [this.pool];
  }

  /** Slots of all listed pools. */
  get slots(): number {
    return this.pools === null ? this.pool.slots : this.#counters.slots;
  }

  /**
   * Allocated slots, padding included; without exact counters the sum over areas of listed pools, read without locks.
   * Buffers of single mappings are no slots: `perMapping` has statistics of its own.
   */
  used(): number {
    return this.#exact ? this.#counters.used : (this.pools ?? this.pool).used();
  }

  /** As debugfs shows it, and who had to wait for which area. */
  statistics(): SwiotlbStatistics {
    return {
      io_tlb_nslabs: this.slots,
      io_tlb_used: this.used(),
      io_tlb_used_hiwater: this.#counters.highWater,
      io_tlb_transient_nslabs: this.#counters.transient,
      areas: this.listed().map(({ areas }) => areas.contention()),
    };
  }

  /** Writes 0 to io_tlb_used_hiwater. */
  resetHighWater(): void {
    this.#counters.resetHighWater();
  }

  /**
   * A cheap no: false when this cannot be bounce memory of the device. The start-up pool is a range; whether the address
   * lies in other pools or buffers of a device that has had any takes a search. Models dma_uses_io_tlb.
   */
  mayHold(device: SwiotlbDevice, address: number): boolean {
    if (this.pools !== null) return this.pools.uses(device);
    return this.pool.contains(address) || (this.perMapping?.hasBuffers(device) ?? false);
  }

  /** Is this bounce memory of the device? What every sync and unmap has to know, for memory that is not bounced too. */
  isBounce(device: SwiotlbDevice, address: number, cpu: Cpu): boolean {
    if (this.pools !== null) return this.pools.find(device, address, cpu) !== NO_POOL;
    return this.pool.contains(address) || (this.perMapping?.holds(device, address, cpu) ?? false);
  }

  /** The pool that holds the address for this device, or `NO_POOL`. The static build looks at the range only. */
  findPool(device: SwiotlbDevice, address: number, cpu: Cpu): number {
    if (this.pools !== null) return this.pools.find(device, address, cpu);
    return this.pool.contains(address) ? BOOT_POOL : NO_POOL;
  }

  /** This thread's object over a pool that `findPool` answered. */
  poolAt(index: number): SlotPool {
    return this.pools === null ? this.pool : this.pools.list.pool(index);
  }

  /**
   * Slots, or a buffer where mappings get their own, for `bytes` at physical address `origin`.
   * @param origin what the slots bounce for; 0 = nothing (pages taken from the pool)
   * @param alignMask 2^n - 1 that the allocation must be aligned to, or 0
   * @param maySleep memory for a buffer may be waited for: process context only, without locks
   * @returns the bounce address of the first byte, or `NO_ADDRESS`
   */
  alloc(device: SwiotlbDevice, origin: number, bytes: number, alignMask: number, cpu: Cpu, maySleep = false): number {
    if (bytes > LARGEST || alignMask >= LARGEST) return NO_ADDRESS;
    if (this.perMapping !== null) {
      const buffer = this.perMapping.alloc(device, origin, bytes, alignMask, maySleep, cpu);
      if (buffer !== NO_BUFFER) return buffer;
    }
    const { minAlignMask } = device;
    const offset = minAlignMask === 0 ? 0 : low31(origin) & minAlignMask & (alignMask | IN_SLOT);
    const total = (bytes + offset + alignMask) & ~alignMask;
    if (total > LARGEST) return NO_ADDRESS;
    const first = this.#search(device, origin, total, alignMask, cpu);
    if (first === NONE) return NO_ADDRESS;
    const pad = offset >>> SHIFT;
    const pool = this.pools?.found ?? this.pool;
    if (origin !== 0) {
      pool.table.setOrigin(first, pad, origin);
      if (this.#overrides && pad === 0) pool.table.setBytes(first, bytes);
    }
    return pool.addressOf(first + pad) + (offset & IN_SLOT);
  }

  /**
   * A block of 2^n bytes, aligned to its size, for as long as somebody wants it. In listed pools only: a transient pool
   * is one mapping's and goes with it, and whoever can do without slots makes no allocator grow.
   */
  allocLasting(device: SwiotlbDevice, bytes: number, cpu: Cpu): number {
    if (bytes > SEGMENT_BYTES) return NO_ADDRESS;
    const first =
      this.pools === null
        ? this.#searchBootPool(device, 0, bytes, bytes - 1, cpu)
        : this.pools.searchListed(device, 0, bytes, bytes - 1, cpu);
    if (first === NO_SLOT) return NO_ADDRESS;
    if (this.#exact) this.#counters.taken(slotsOf(bytes));
    return (this.pools?.found ?? this.pool).addressOf(first);
  }

  /** Pages of a restricted pool: `bytes` of them, aligned to their order. Models swiotlb_alloc. */
  allocPages(device: SwiotlbDevice, bytes: number, cpu: Cpu): number {
    let block = PAGE_SIZE;
    while (block < bytes) block *= 2;
    if (block > SEGMENT_BYTES) return NO_ADDRESS;
    const first = this.#search(device, 0, bytes, block - 1, cpu);
    return first === NO_SLOT ? NO_ADDRESS : (this.pools?.found ?? this.pool).addressOf(first);
  }

  /** Gives back what `alloc...` answered. Returns the number of slots, 0 for a buffer. ERR_BAD_ADDRESS. */
  free(device: SwiotlbDevice, address: number, cpu: Cpu): number {
    if (this.perMapping !== null && !this.pool.contains(address) && this.perMapping.free(device, address, cpu))
      return 0;
    return this.#freeIn(this.#indexOf(device, address, cpu), device, address, cpu);
  }

  /** `free` for an address that may be none of bounce memory, such as any that a device was given: 0 then. */
  freeIfHeld(device: SwiotlbDevice, address: number, cpu: Cpu): number {
    const index = this.findPool(device, address, cpu);
    if (index === NO_POOL) {
      this.perMapping?.free(device, address, cpu);
      return 0;
    }
    return this.#freeIn(index, device, address, cpu);
  }

  /**
   * Where the bytes of a bounce address belong, for syncs: into `range`. What runs past the allocation is cut at its end,
   * `range.bytes` is less than `bytes` then, or refused in checked mode. ERR_BAD_ADDRESS, ERR_OUT_OF_RANGE.
   */
  originOf(device: SwiotlbDevice, address: number, bytes: number, range: BounceRange, cpu: Cpu): void {
    if (this.perMapping !== null && !this.pool.contains(address)) {
      this.perMapping.originOf(device, address, bytes, range, cpu);
    } else {
      const pool = this.poolAt(this.#indexOf(device, address, cpu));
      if (this.#checked) assertTaken(pool, address);
      rangeInPool(pool, device, address, bytes, range);
    }
    if (this.#checked && range.origin !== NO_ORIGIN) assertEnough(address, bytes, range.bytes);
  }

  /** Largest single mapping of a device, bytes. Models swiotlb_max_mapping_size. */
  maxMappingSize(device: DmaConstraints): number {
    return SEGMENT_BYTES - roundUp(device.minAlignMask, SLOT_SIZE);
  }

  /** The pool that has to hold the address. ERR_BAD_ADDRESS. */
  #indexOf(device: SwiotlbDevice, address: number, cpu: Cpu): number {
    return this.pools?.indexOf(device, address, cpu) ?? BOOT_POOL;
  }

  #freeIn(index: number, device: SwiotlbDevice, address: number, cpu: Cpu): number {
    const { pools } = this;
    const pool = this.poolAt(index);
    if (this.#checked) assertBegins(pool, device, address);
    if (pools?.list.isTransient(index)) return this.#given(pools.freeTransient(device, index, cpu));
    return this.#given(pool.release(address, device, cpu));
  }

  #given(slots: number): number {
    if (this.#exact) this.#counters.given(slots);
    return slots;
  }

  #search(device: SwiotlbDevice, origin: number, total: number, alignMask: number, cpu: Cpu): number {
    if (total > LARGEST) return NONE;
    const slot =
      this.pools === null
        ? this.#searchBootPool(device, origin, total, alignMask, cpu)
        : this.pools.search(device, origin, total, alignMask, cpu);
    if (slot !== NONE && this.#exact) this.#counters.taken(slotsOf(total));
    return slot;
  }

  /** The CPU's home area first, then the others in turn. */
  #searchBootPool(device: DmaConstraints, origin: number, total: number, alignMask: number, cpu: Cpu): number {
    const { pool } = this;
    const { count } = pool.areas;
    for (let step = 0; step < count; step++) {
      const slot = pool.search((cpu.id + step) & (count - 1), origin, total, alignMask, device, cpu);
      if (slot !== NONE) return slot;
    }
    return NONE;
  }
}
