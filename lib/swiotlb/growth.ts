/**
 * Growth, the released design: a transient pool for the request at hand, and another pool in the background.
 * Models: swiotlb_alloc_pool, swiotlb_alloc_tlb, swiotlb_dyn_alloc and the transient part of swiotlb_find_slots
 * (kernel/dma/swiotlb.c); the slot allocator's specification, sections 9.1 to 9.3. Not modelled: encrypted guests, whose
 * transient pools come from an atomic pool. Deviation: areas of an added pool are limited whatever its
 * size, since areas below a segment would share words of the free bitmap without sharing a lock.
 * Threads: any; the background work on one at a time.
 */
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE, roundUp, SEGMENT_SLOTS, SLOT_SIZE } from '../units.js';
import { LISTED, MAX_ADDED_SLOTS, NO_POOL, type PoolList } from './pool-list.js';

/** Smallest pool that background growth settles for, slots. */
export const MIN_SLOTS = 512;

/** Zones of page memory, from the lowest. */
export const ZONE = { dma: 0, dma32: 1, any: 2 } as const;
export type Zone = (typeof ZONE)[keyof typeof ZONE];

/** Where the memory of new pools comes from. */
export interface BlockSource {
  /** Physical address of 2^order pages from this zone or a lower one, or -1. */
  alloc(order: number, zone: Zone, maySleep: boolean): number;
  free(address: number, order: number): void;
}

export interface GrowthConfig {
  /** Slots and areas of pools that the background work adds. */
  readonly defaultSlots: number;
  readonly defaultAreas: number;
  /** Highest address that added pools may have. */
  readonly physLimit: number;
  /** Highest address of the DMA zone. */
  readonly zoneDmaLimit: number;
}

const DMA32_LIMIT = 2 ** 32 - 1;
const OUT_OF_REACH = -1;

export class Growth {
  readonly config: GrowthConfig;
  /** How often this thread has asked for background work. */
  requests = 0;
  readonly #pools: PoolList;
  readonly #blocks: BlockSource;
  /** Word 0: background work is wanted. Waited on by who does it. */
  readonly #pending: Int32Array;

  constructor(arena: Arena, config: GrowthConfig, pools: PoolList, blocks: BlockSource) {
    this.config = config;
    this.#pools = pools;
    this.#blocks = blocks;
    this.#pending = arena.int32(1);
  }

  reset(): void {
    this.#pending.fill(0);
  }

  get isPending(): boolean {
    return Atomics.load(this.#pending, 0) !== 0;
  }

  /** Wakes the background worker; more than once is once. */
  schedule(): void {
    this.requests++;
    if (Atomics.exchange(this.#pending, 0, 1) === 0) Atomics.notify(this.#pending, 0);
  }

  /** Waits until work is wanted, at most `timeoutMs`; a worker's thread. */
  waitForWork(timeoutMs: number): boolean {
    return this.isPending || Atomics.wait(this.#pending, 0, 0, timeoutMs) !== 'timed-out';
  }

  /**
   * What the background worker does once: adds one pool at the head of the list, or none when there is no memory even
   * for the smallest. Answers the pool or `NO_POOL`, and takes the wish for work back first.
   */
  work(cpu: Cpu): number {
    Atomics.store(this.#pending, 0, 0);
    const { defaultSlots, defaultAreas, physLimit } = this.config;
    let slots = Math.min(defaultSlots, MAX_ADDED_SLOTS);
    let areas = limitAreas(defaultAreas, slots);
    for (;;) {
      const start = this.#allocBlock(slots * SLOT_SIZE, physLimit, true);
      if (start !== OUT_OF_REACH) {
        const pool = this.#pools.create({ start, slots, areas }, false, cpu);
        if (pool === NO_POOL) this.#blocks.free(start, orderOf(slots * SLOT_SIZE));
        else this.#pools.link(LISTED, pool, cpu);
        return pool;
      }
      if (slots <= MIN_SLOTS) return NO_POOL;
      slots = roundUp(Math.floor(slots / 2), SEGMENT_SLOTS);
      areas = limitAreas(areas, slots);
    }
  }

  /** A pool of exactly `slots` slots below `addressLimit`, on no list yet, or `NO_POOL`. Does not sleep. */
  transient(slots: number, addressLimit: number, cpu: Cpu): number {
    const start = this.#allocBlock(slots * SLOT_SIZE, addressLimit, false);
    if (start === OUT_OF_REACH) return NO_POOL;
    const pool = this.#pools.create({ start, slots, areas: 1 }, true, cpu);
    if (pool === NO_POOL) this.#blocks.free(start, orderOf(slots * SLOT_SIZE));
    return pool;
  }

  /** Gives back the memory of a transient pool that is on no list any more, or never was. */
  release(pool: number): void {
    const { start, slots } = this.#pools.pool(pool);
    this.#blocks.free(start, orderOf(slots * SLOT_SIZE));
  }

  /** Tries the highest zone that the limit allows first, and lower ones when a block lies above the limit. */
  #allocBlock(bytes: number, limit: number, maySleep: boolean): number {
    const order = orderOf(bytes);
    let zone: Zone = limit <= this.config.zoneDmaLimit ? ZONE.dma : limit <= DMA32_LIMIT ? ZONE.dma32 : ZONE.any;
    for (;;) {
      const start = this.#blocks.alloc(order, zone, maySleep);
      if (start === OUT_OF_REACH || start + bytes - 1 <= limit) return start;
      this.#blocks.free(start, order);
      if (zone === ZONE.dma) return OUT_OF_REACH;
      zone = zone === ZONE.any && limit !== Infinity ? ZONE.dma32 : ZONE.dma;
    }
  }
}

/** No area may be smaller than a segment. */
export function limitAreas(areas: number, slots: number): number {
  return slots < areas * SEGMENT_SLOTS ? Math.floor(slots / SEGMENT_SLOTS) : areas;
}

/** Order of the smallest block of pages that holds `bytes`. */
function orderOf(bytes: number): number {
  let order = 0;
  while (PAGE_SIZE * 2 ** order < bytes) order++;
  return order;
}
