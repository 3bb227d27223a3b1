/**
 * Growth, the released design: a transient pool for the request at hand, and another pool in the background.
 * Models: swiotlb_alloc_pool, swiotlb_alloc_tlb, swiotlb_dyn_alloc and the transient part of swiotlb_find_slots
 * (kernel/dma/swiotlb.c); the slot allocator's specification, sections 9.1 to 9.3. Not modelled: encrypted guests, whose
 * transient pools come from an atomic pool. Deviation: areas of an added pool are limited whatever its
 * size, since areas below a segment would share words of the free bitmap without sharing a lock.
 * Threads: any; the background work on one at a time.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { roundUp, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { type BlockSource, LimitedBlocks, NO_BLOCK } from './block-source.js';
import { LISTED, MAX_ADDED_SLOTS, NO_POOL, type PoolList } from './pool-list.js';

/** Smallest pool that background growth settles for, slots. */
export const MIN_SLOTS = 512;

export interface GrowthConfig {
  /** Slots and areas of pools that the background work adds. */
  readonly defaultSlots: number;
  readonly defaultAreas: number;
  /** Highest address that added pools may have. */
  readonly physLimit: number;
  /** Highest address of the DMA zone. */
  readonly zoneDmaLimit: number;
}

const PENDING = 1;
const OVER = 2;

export class Growth {
  readonly config: GrowthConfig;
  /** How often this thread has asked for background work. */
  requests = 0;
  readonly #pools: PoolList;
  readonly #blocks: LimitedBlocks;
  /** Word 0: background work is wanted, and whether it is over with. Waited on by who does it. */
  readonly #state: Int32Array;

  constructor(arena: Arena, config: GrowthConfig, pools: PoolList, blocks: BlockSource) {
    this.config = config;
    this.#pools = pools;
    this.#blocks = new LimitedBlocks(blocks, config.zoneDmaLimit);
    this.#state = arena.int32(1);
  }

  reset(): void {
    this.#state.fill(0);
  }

  get isPending(): boolean {
    return (Atomics.load(this.#state, 0) & PENDING) !== 0;
  }

  /** Nobody does background work any more. */
  get isOver(): boolean {
    return (Atomics.load(this.#state, 0) & OVER) !== 0;
  }

  /** Wakes the background worker; more than once is once. */
  schedule(): void {
    this.requests++;
    if ((Atomics.or(this.#state, 0, PENDING) & PENDING) === 0) Atomics.notify(this.#state, 0);
  }

  /** Lets the background worker go, work or not. Any thread. */
  end(): void {
    Atomics.or(this.#state, 0, OVER);
    Atomics.notify(this.#state, 0);
  }

  /** Waits until work is wanted, at most `timeoutMs`; false also when it is over. A worker's thread. */
  waitForWork(timeoutMs: number): boolean {
    Atomics.wait(this.#state, 0, 0, timeoutMs);
    return Atomics.load(this.#state, 0) === PENDING;
  }

  /**
   * What the background worker does once: adds one pool at the head of the list, or none when there is no memory even
   * for the smallest. Answers the pool or `NO_POOL`, and takes the wish for work back first.
   */
  work(cpu: Cpu): number {
    Atomics.and(this.#state, 0, ~PENDING);
    const { defaultSlots, defaultAreas, physLimit } = this.config;
    let slots = Math.min(defaultSlots, MAX_ADDED_SLOTS);
    let areas = limitAreas(defaultAreas, slots);
    for (;;) {
      const start = this.#blocks.alloc(cpu, slots * SLOT_SIZE, physLimit, true);
      if (start !== NO_BLOCK) {
        const pool = this.#pools.create(cpu, { start, slots, areas }, false);
        if (pool === NO_POOL) this.#blocks.free(cpu, start, slots * SLOT_SIZE);
        else this.#pools.link(cpu, LISTED, pool);
        return pool;
      }
      if (slots <= MIN_SLOTS) return NO_POOL;
      slots = roundUp(Math.floor(slots / 2), SEGMENT_SLOTS);
      areas = limitAreas(areas, slots);
    }
  }

  /** A pool of exactly `slots` slots below `addressLimit`, on no list yet, or `NO_POOL`. Does not sleep. */
  transient(cpu: Cpu, slots: number, addressLimit: number): number {
    const start = this.#blocks.alloc(cpu, slots * SLOT_SIZE, addressLimit, false);
    if (start === NO_BLOCK) return NO_POOL;
    const pool = this.#pools.create(cpu, { start, slots, areas: 1 }, true);
    if (pool === NO_POOL) this.#blocks.free(cpu, start, slots * SLOT_SIZE);
    return pool;
  }

  /** Gives back the memory of a transient pool that is on no list any more, or never was. */
  release(cpu: Cpu, pool: number): void {
    const { start, slots } = this.#pools.pool(pool);
    this.#blocks.free(cpu, start, slots * SLOT_SIZE);
  }
}

/** No area may be smaller than a segment. */
export function limitAreas(areas: number, slots: number): number {
  return slots < areas * SEGMENT_SLOTS ? Math.floor(slots / SEGMENT_SLOTS) : areas;
}
