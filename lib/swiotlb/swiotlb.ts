/**
 * The software IO TLB: finds slots for a mapping, remembers where its bytes belong, and frees the slots.
 * Models: swiotlb_tbl_map_single, swiotlb_find_slots, swiotlb_find_pool and swiotlb_tbl_unmap_single
 * (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#map and docs/spec/swiotlb.md#release. Deviation: moves no bytes. The
 * caller copies, so that one native crossing can carry all copies of an skb. Threads: any.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { low31, nextPowerOfTwo, PAGE_SIZE, roundUp, SEGMENT_BYTES, SLOT_SHIFT, SLOT_SIZE, slotsOf } from '../units.js';
import { requireNames, type SwiotlbConfig } from './config.js';
import { isSuited, NO_BUFFER, PerMapping } from './per-mapping/per-mapping.js';
import { assertBegins, assertEnough, assertTaken } from './pools/checks.js';
import { type FoundSlotPool, GrowingSlotPools } from './pools/growing-slot-pools.js';
import { BOOT_POOL, NO_SLOT_POOL } from './pools/slot-pool-list.js';
import { type BounceRange, rangeInSlotPool } from './slots/bounce-range.js';
import type { DmaConstraints, SwiotlbDevice } from './slots/constraints.js';
import { Counters, type SwiotlbStatistics } from './slots/counters.js';
import { NO_SLOT, SlotPool } from './slots/slot-pool.js';
import { NO_ORIGIN } from './slots/slot-table.js';

/** Returned instead of an address when there are no slots. */
export const NO_ADDRESS = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const LARGEST = SEGMENT_BYTES;
const IN_SLOT = SLOT_SIZE - 1;
const SHIFT = SLOT_SHIFT;
const NONE = NO_SLOT;

/** The allocator of bounce memory: finds slots for mappings and frees them, and moves no bytes. Any thread. */
export class Swiotlb {
  /** The boot pool. */
  readonly pool: SlotPool;
  /** All slot pools where there may be several (the dynamic build); else null. */
  readonly pools: GrowingSlotPools | null;
  /** Buffers of single mappings where these are tried before slots (the earlier design of growth); else null. */
  readonly perMapping: PerMapping | null;
  /** Where the last allocation of slots by this thread found them. */
  readonly found: FoundSlotPool;
  /** Counts every allocation if `isExact`; `BounceBlocks` counts here, too. */
  readonly counters: Counters;
  /** True if used slots are counted exactly. */
  readonly isExact: boolean;
  readonly #checked: boolean;
  readonly #overrides: boolean;

  /** @throws ERR_UNKNOWN_OPTION; ERR_INVALID_ARG_TYPE when the configuration has both designs of growth */
  constructor(arena: Arena, config: SwiotlbConfig) {
    requireNames(config);
    if (config.dynamic && config.perMapping) {
      throw new CopytaxError('ERR_INVALID_ARG_TYPE', 'an allocator grows by slot pools or by mappings, not by both');
    }
    this.counters = new Counters(arena);
    this.isExact = config.exactCounters ?? false;
    this.#checked = config.checked ?? false;
    this.#overrides = config.allocSizeOverride ?? false;
    this.pools = config.dynamic ? new GrowingSlotPools(arena, config, config.dynamic, this.counters) : null;
    this.pool = this.pools?.list.boot ?? new SlotPool(arena, config);
    this.found = { pool: this.pool, index: BOOT_POOL };
    this.perMapping = config.perMapping ? new PerMapping(arena, config.perMapping) : null;
  }

  /** Frees everything. One thread, before any other allocates. */
  reset(): void {
    (this.pools ?? this.pool).reset();
    this.perMapping?.reset();
    this.counters.reset(this.pool.slots);
  }

  /** The slot pools that stay, the boot pool last. */
  listed(): SlotPool[] {
    return this.pools?.listed() ?? [this.pool];
  }

  /** Slots of all listed slot pools. */
  get slots(): number {
    return this.pools === null ? this.pool.slots : this.counters.slots;
  }

  /**
   * Allocated slots, padding included; without exact counters the sum over areas of listed slot pools, read without
   * locks. Buffers of single mappings are not counted: `perMapping` has statistics of its own.
   */
  used(): number {
    return this.isExact ? this.counters.used : (this.pools ?? this.pool).used();
  }

  /** The counters that debugfs shows, and how much CPUs waited for each area. */
  statistics(): SwiotlbStatistics {
    return {
      io_tlb_nslabs: this.slots,
      io_tlb_used: this.used(),
      io_tlb_used_hiwater: this.counters.highWater,
      io_tlb_transient_nslabs: this.counters.transient,
      areas: this.listed().map(({ areas }) => areas.contention()),
    };
  }

  /** Does what writing 0 to io_tlb_used_hiwater does. */
  resetHighWater(): void {
    this.counters.resetHighWater();
  }

  /**
   * Returns false when the address cannot be bounce memory of the device; true decides nothing. Cheap: looks at the
   * range of the boot pool, and at whether the device has had memory elsewhere. Models dma_uses_io_tlb.
   */
  mayHold(device: SwiotlbDevice, address: number): boolean {
    if (this.pools !== null) return this.pools.uses(device);
    return this.pool.contains(address) || (this.perMapping?.hasBuffers(device) ?? false);
  }

  /** True if the address is bounce memory of the device. Every sync and unmap asks this, of other memory too. */
  isBounce(cpu: Cpu, device: SwiotlbDevice, address: number): boolean {
    if (this.pools !== null) return this.pools.find(cpu, device, address) !== NO_SLOT_POOL;
    return this.pool.contains(address) || (this.perMapping?.holds(cpu, device, address) ?? false);
  }

  /** The slot pool of the device that holds the address, or `NO_SLOT_POOL`. Static: by its range. */
  findPool(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    if (this.pools !== null) return this.pools.find(cpu, device, address);
    return this.pool.contains(address) ? BOOT_POOL : NO_SLOT_POOL;
  }

  /** This thread's object over a slot pool that `findPool` returned. */
  poolAt(index: number): SlotPool {
    return this.pools === null ? this.pool : this.pools.list.pool(index);
  }

  /**
   * Allocates slots, or a buffer where mappings get buffers, for `bytes` at physical address `origin`.
   * @param origin the memory that the slots bounce for; 0 = none (pages taken from the slot pool)
   * @param alignMask 2^n - 1 that the allocation must be aligned to, or 0
   * @returns the bounce address of the first byte, or `NO_ADDRESS`
   */
  alloc(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    if (this.perMapping !== null && isSuited(device, origin, bytes, alignMask)) {
      const buffer = this.perMapping.alloc(cpu, device, origin, bytes, false);
      if (buffer !== NO_BUFFER) return buffer;
    }
    return this.#allocSlots(cpu, device, origin, bytes, alignMask);
  }

  /** `alloc` that may wait for the memory of a buffer. Process context only, without locks. */
  allocMaySleep(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    if (this.perMapping !== null && isSuited(device, origin, bytes, alignMask)) {
      const buffer = this.perMapping.alloc(cpu, device, origin, bytes, true);
      if (buffer !== NO_BUFFER) return buffer;
    }
    return this.#allocSlots(cpu, device, origin, bytes, alignMask);
  }

  #allocSlots(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    if (bytes > LARGEST || alignMask >= LARGEST) return NO_ADDRESS;
    const { minAlignMask } = device;
    const offset = minAlignMask === 0 ? 0 : low31(origin) & minAlignMask & (alignMask | IN_SLOT);
    const total = (bytes + offset + alignMask) & ~alignMask;
    if (total > LARGEST) return NO_ADDRESS;
    const { pools, found } = this;
    const first =
      pools === null
        ? this.pool.searchAreas(cpu, device, origin, total, alignMask)
        : pools.search(cpu, device, origin, total, alignMask, found);
    if (first === NONE) return NO_ADDRESS;
    if (this.isExact) this.counters.addUsed(slotsOf(total));
    const pad = offset >>> SHIFT;
    const { pool } = found;
    if (origin !== 0) {
      pool.table.setOrigin(first, pad, origin);
      if (this.#overrides && pad === 0) pool.table.setBytes(first, bytes);
    }
    return pool.addressOf(first + pad) + (offset & IN_SLOT);
  }

  /**
   * Allocates a block of 2^n bytes, aligned to its size: used by `BouncePages` only. Never from a transient pool, which
   * is removed with its one mapping. Never causes growth, for a socket can do without slots.
   */
  allocBouncePages(cpu: Cpu, device: SwiotlbDevice, bytes: number): number {
    if (bytes > SEGMENT_BYTES) return NO_ADDRESS;
    const first =
      this.pools === null
        ? this.pool.searchAreas(cpu, device, 0, bytes, bytes - 1)
        : this.pools.searchListed(cpu, device, 0, bytes, bytes - 1, this.found);
    if (first === NONE) return NO_ADDRESS;
    if (this.isExact) this.counters.addUsed(slotsOf(bytes));
    return this.found.pool.addressOf(first);
  }

  /** Allocates pages of a restricted pool for `bytes`, aligned to their order. Models swiotlb_alloc. */
  allocPages(cpu: Cpu, device: SwiotlbDevice, bytes: number): number {
    const block = Math.max(PAGE_SIZE, nextPowerOfTwo(bytes));
    if (block > SEGMENT_BYTES) return NO_ADDRESS;
    const { pools, found } = this;
    const first =
      pools === null
        ? this.pool.searchAreas(cpu, device, 0, bytes, block - 1)
        : pools.search(cpu, device, 0, bytes, block - 1, found);
    if (first === NONE) return NO_ADDRESS;
    if (this.isExact) this.counters.addUsed(slotsOf(bytes));
    return found.pool.addressOf(first);
  }

  /** Frees what `alloc...` returned. Returns the number of slots, 0 for a buffer. @throws ERR_BAD_ADDRESS */
  free(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    if (this.perMapping !== null && !this.pool.contains(address) && this.perMapping.free(cpu, device, address))
      return 0;
    return this.#freeIn(cpu, device, address, this.pools?.indexOf(cpu, device, address) ?? BOOT_POOL);
  }

  /** `free` for any address that a device was given. Returns 0 when it is not in bounce memory. */
  freeIfHeld(cpu: Cpu, device: SwiotlbDevice, address: number): number {
    const index = this.findPool(cpu, device, address);
    if (index === NO_SLOT_POOL) {
      this.perMapping?.free(cpu, device, address);
      return 0;
    }
    return this.#freeIn(cpu, device, address, index);
  }

  /**
   * Fills `range` with the original memory of `bytes` at a bounce address, for syncs. A range past the allocation is
   * cut: `range.bytes` is less than `bytes`. Checked mode refuses it. @throws ERR_BAD_ADDRESS, ERR_OUT_OF_RANGE
   */
  originOf(cpu: Cpu, device: SwiotlbDevice, address: number, bytes: number, range: BounceRange): void {
    if (this.perMapping !== null && !this.pool.contains(address)) {
      this.perMapping.originOf(cpu, device, address, bytes, range);
    } else {
      const pool = this.poolAt(this.pools?.indexOf(cpu, device, address) ?? BOOT_POOL);
      if (this.#checked) assertTaken(pool, address);
      rangeInSlotPool(pool, device, address, bytes, range);
    }
    if (this.#checked && range.origin !== NO_ORIGIN) assertEnough(address, bytes, range.bytes);
  }

  /** Largest single mapping of a device, bytes. Models swiotlb_max_mapping_size. */
  maxMappingSize(device: DmaConstraints): number {
    return SEGMENT_BYTES - roundUp(device.minAlignMask, SLOT_SIZE);
  }

  #freeIn(cpu: Cpu, device: SwiotlbDevice, address: number, index: number): number {
    const pool = this.poolAt(index);
    if (this.#checked) assertBegins(pool, device, address);
    const isTransient = this.pools?.list.isTransient(index) ?? false;
    const slots = isTransient ? this.pools!.freeTransient(cpu, device, index) : pool.release(cpu, device, address);
    if (this.isExact) this.counters.subtractUsed(slots);
    return slots;
  }
}
