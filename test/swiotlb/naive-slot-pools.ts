/** A growing allocator in its simplest form: arrays of naive slot pools, newest first. */

import type { Zone } from '../../lib/swiotlb/pools/block-source.js';
import type { GrowthConfig } from '../../lib/swiotlb/pools/growth.js';
import type { SwiotlbDevice } from '../../lib/swiotlb/slots/constraints.js';
import type { SwiotlbStatistics } from '../../lib/swiotlb/slots/counters.js';
import type { SlotPoolConfig } from '../../lib/swiotlb/slots/slot-pool.js';
import { extent, NaiveAllocator } from './naive-allocator.js';
import type { ZoneBlocks } from './zone-blocks.js';

const NONE = -1;

export interface NaiveLimits {
  /** Steps that a search takes over areas. */
  readonly steps: number;
  readonly devices: number;
  readonly addedSlotPools: number;
  readonly transientPools: number;
}

export class NaiveSlotPools {
  readonly listed: NaiveAllocator[];
  /** For each device. */
  readonly transient: NaiveAllocator[][];
  readonly uses: boolean[];
  isPending = false;
  readonly #growth: GrowthConfig | null;
  readonly #blocks: ZoneBlocks;
  readonly #limits: NaiveLimits;
  #used = 0;
  #highWater = 0;

  constructor(boot: SlotPoolConfig, growth: GrowthConfig | null, blocks: ZoneBlocks, limits: NaiveLimits) {
    this.listed = [new NaiveAllocator(boot.start, boot.slots, boot.areas)];
    this.transient = Array.from({ length: limits.devices }, () => []);
    this.uses = new Array<boolean>(limits.devices).fill(false);
    this.#growth = growth;
    this.#blocks = blocks;
    this.#limits = limits;
  }

  get statistics(): SwiotlbStatistics {
    const slots = (pools: readonly NaiveAllocator[]) => pools.reduce((sum, pool) => sum + pool.slots, 0);
    return {
      io_tlb_nslabs: slots(this.listed),
      io_tlb_used: this.#used,
      io_tlb_used_hiwater: this.#highWater,
      io_tlb_transient_nslabs: slots(this.transient.flat()),
      areas: this.listed.map(({ areas }) => Array.from({ length: areas }, () => ({ waits: 0, waitNs: 0 }))),
    };
  }

  resetHighWater(): void {
    this.#highWater = 0;
  }

  map(cpu: number, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    const { total } = extent(device, origin, bytes, alignMask);
    if (total > 262_144) return NONE;
    let address = this.#mapListed(cpu, device, origin, bytes, alignMask);
    if (address === NONE && this.#growth !== null) {
      this.isPending = true;
      address = this.#mapTransient(this.#growth, device, origin, bytes, alignMask);
    }
    if (address === NONE) return NONE;
    this.uses[device.index!] = true;
    this.#used += Math.ceil(total / 2048);
    this.#highWater = Math.max(this.#highWater, this.#used);
    return address;
  }

  /** Frees an allocation. Returns its number of slots. */
  unmap(device: SwiotlbDevice, address: number): number {
    const own = this.transient[device.index!]!;
    const pool = this.find(device, address)!;
    const isTransient = own.includes(pool);
    const count = isTransient ? pool.slots : pool.unmap(device, address);
    if (isTransient) {
      own.splice(own.indexOf(pool), 1);
      this.#blocks.free(null, pool.start, orderOf(pool.slots));
    }
    this.#used -= count;
    return count;
  }

  find(device: SwiotlbDevice, address: number): NaiveAllocator | undefined {
    const pools = this.uses[device.index!] ? [...this.listed, ...this.transient[device.index!]!] : [];
    return pools.find(({ start, slots }) => address >= start && address < start + slots * 2048);
  }

  /** Does the background work once. */
  work(): void {
    if (!this.isPending || this.#growth === null) return;
    this.isPending = false;
    const { defaultSlots, defaultAreas, physLimit } = this.#growth;
    for (let slots = Math.min(2048, defaultSlots), areas = defaultAreas; ; ) {
      areas = Math.min(areas, Math.floor(slots / 128));
      const start = this.#block(slots, physLimit, true);
      if (start !== NONE) {
        const isFull = this.listed.length > this.#limits.addedSlotPools;
        if (isFull) this.#blocks.free(null, start, orderOf(slots));
        else this.listed.unshift(new NaiveAllocator(start, slots, areas));
        return;
      }
      if (slots <= 512) return;
      slots = Math.ceil(slots / 2 / 128) * 128;
    }
  }

  #mapListed(cpu: number, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    for (let step = 0; step < this.#limits.steps; step++) {
      for (const pool of this.listed) {
        if (step >= pool.areas) continue;
        const address = pool.mapIn((cpu + step) % pool.areas, device, origin, bytes, alignMask);
        if (address !== NONE) return address;
      }
    }
    return NONE;
  }

  #mapTransient(growth: GrowthConfig, device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): number {
    const slots = Math.ceil(extent(device, origin, bytes, alignMask).total / 2048);
    const start = this.#block(slots, device.addressLimit!, false, growth);
    if (start === NONE) return NONE;
    const isFull = this.transient.flat().length === this.#limits.transientPools;
    const pool = new NaiveAllocator(start, slots, 1);
    const address = isFull ? NONE : pool.mapIn(0, device, origin, bytes, alignMask);
    if (address === NONE) this.#blocks.free(null, start, orderOf(slots));
    else this.transient[device.index!]!.unshift(pool);
    return address;
  }

  #block(slots: number, limit: number, maySleep: boolean, growth = this.#growth!): number {
    const zones: Zone[] = [0];
    if (limit > growth.zoneDmaLimit) zones.unshift(1);
    if (limit >= 2 ** 32) zones.unshift(2);
    for (const zone of zones) {
      const start = this.#blocks.alloc(null, orderOf(slots), zone, maySleep);
      if (start === NONE || start + slots * 2048 - 1 <= limit) return start;
      this.#blocks.free(null, start, orderOf(slots));
    }
    return NONE;
  }
}

function orderOf(slots: number): number {
  return Math.ceil(Math.log2(Math.max(1, slots / 2)));
}
