/**
 * Growth, the released design: a transient pool for the current request, and another slot pool in the background.
 * Models: swiotlb_alloc_pool, swiotlb_alloc_tlb, swiotlb_dyn_alloc and the transient part of swiotlb_find_slots
 * (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#growth. Not modelled: encrypted guests, whose transient pools come
 * from an atomic page pool. Deviation: the areas of an added slot pool have at least a segment whatever its size,
 * because smaller areas would share words of the free bitmap without sharing a lock.
 * Threads: any; the background work runs on one at a time.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { roundUp, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { type BlockSource, LimitedBlocks, NO_BLOCK } from './block-source.js';
import { LISTED, MAX_ADDED_SLOTS, NO_SLOT_POOL, type SlotPoolList } from './slot-pool-list.js';

/** Slots of the smallest slot pool that background growth adds. */
export const MIN_SLOTS = 512;

/** How slot pools are added. */
export interface GrowthConfig {
  /** Slots of slot pools that the background work adds. */
  readonly defaultSlots: number;
  /** Areas of these slot pools; fewer where areas would be smaller than a segment. */
  readonly defaultAreas: number;
  /** Highest address that added slot pools may have. */
  readonly physLimit: number;
  /** Highest address of the DMA zone. */
  readonly zoneDmaLimit: number;
}

const PENDING = 1;
const OVER = 2;

export class Growth {
  readonly config: GrowthConfig;
  /** Requests for background work by this thread. */
  requests = 0;
  readonly #pools: SlotPoolList;
  readonly #blocks: LimitedBlocks;
  /** Word 0: flags `PENDING` and `OVER`. The background worker waits on it. */
  readonly #state: Int32Array;

  constructor(arena: Arena, config: GrowthConfig, pools: SlotPoolList, blocks: BlockSource) {
    this.config = config;
    this.#pools = pools;
    this.#blocks = new LimitedBlocks(blocks, config.zoneDmaLimit);
    this.#state = arena.int32(1);
  }

  reset(): void {
    this.#state.fill(0);
  }

  /** True while background work is wanted. */
  get isPending(): boolean {
    return (Atomics.load(this.#state, 0) & PENDING) !== 0;
  }

  /** True once no background work will be done any more. */
  get isOver(): boolean {
    return (Atomics.load(this.#state, 0) & OVER) !== 0;
  }

  /** Asks for background work and wakes the worker. Idempotent until the worker begins. */
  schedule(): void {
    this.requests++;
    if ((Atomics.or(this.#state, 0, PENDING) & PENDING) === 0) Atomics.notify(this.#state, 0);
  }

  /** Ends the background worker, whether work is wanted or not. Any thread. */
  end(): void {
    Atomics.or(this.#state, 0, OVER);
    Atomics.notify(this.#state, 0);
  }

  /**
   * Waits at most `timeoutMs` until work is wanted. Returns false when it is not, or when all is over. Worker's thread.
   */
  waitForWork(timeoutMs: number): boolean {
    Atomics.wait(this.#state, 0, 0, timeoutMs);
    return Atomics.load(this.#state, 0) === PENDING;
  }

  /**
   * Does the background work once: clears the request, then adds one slot pool at the head of the list. Returns it, or
   * `NO_SLOT_POOL` when there is no memory even for the smallest.
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
        if (pool === NO_SLOT_POOL) this.#blocks.free(cpu, start, slots * SLOT_SIZE);
        else this.#pools.link(cpu, LISTED, pool);
        return pool;
      }
      if (slots <= MIN_SLOTS) return NO_SLOT_POOL;
      slots = roundUp(Math.floor(slots / 2), SEGMENT_SLOTS);
      areas = limitAreas(areas, slots);
    }
  }

  /**
   * Makes a transient pool of exactly `slots` slots below `addressLimit`, on no list yet. Returns it, or
   * `NO_SLOT_POOL`.
   */
  transient(cpu: Cpu, slots: number, addressLimit: number): number {
    const start = this.#blocks.alloc(cpu, slots * SLOT_SIZE, addressLimit, false);
    if (start === NO_BLOCK) return NO_SLOT_POOL;
    const pool = this.#pools.create(cpu, { start, slots, areas: 1 }, true);
    if (pool === NO_SLOT_POOL) this.#blocks.free(cpu, start, slots * SLOT_SIZE);
    return pool;
  }

  /** Frees the memory of a transient pool that is on no list, or no longer. */
  release(cpu: Cpu, pool: number): void {
    const { start, slots } = this.#pools.pool(pool);
    this.#blocks.free(cpu, start, slots * SLOT_SIZE);
  }
}

/** Reduces the number of areas so that none is smaller than a segment. */
export function limitAreas(areas: number, slots: number): number {
  return slots < areas * SEGMENT_SLOTS ? Math.floor(slots / SEGMENT_SLOTS) : areas;
}
