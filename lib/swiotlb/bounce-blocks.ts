/**
 * Blocks of bounce memory, several at once: for owners of payload, which take their memory before they are filled.
 * Models: what docs/spec/tx-path.md#one-interface-for-three-lifetimes asks of an allocator: several blocks of one area
 * in one acquisition of its lock. They are found as single blocks are, by the same next-fit search; never in a
 * transient pool, which is removed with its one mapping, and never causing growth, as by `Swiotlb.allocBouncePages`.
 * Threads: any; each has an object of its own.
 */
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE, SEGMENT_BYTES, slotsOf } from '../units.js';
import { BOOT_POOL, LISTED, NO_SLOT_POOL } from './pools/slot-pool-list.js';
import type { SwiotlbDevice } from './slots/constraints.js';
import type { SlotPool } from './slots/slot-pool.js';
import type { Swiotlb } from './swiotlb.js';

/** Highest number of blocks that are taken or freed at once. */
export const MAX_BLOCKS = 16;

export class BounceBlocks {
  readonly #swiotlb: Swiotlb;
  /** Of this thread: the slots of the blocks that are taken or freed. */
  readonly #slots = new Int32Array(MAX_BLOCKS);

  constructor(swiotlb: Swiotlb) {
    this.#swiotlb = swiotlb;
  }

  /**
   * Takes up to `count` blocks of 2^n bytes, aligned to their size, in the first area that has any, and writes their
   * first pages to `pfns`. Returns how many there were.
   */
  alloc(cpu: Cpu, device: SwiotlbDevice, bytes: number, count: number, pfns: Int32Array): number {
    if (bytes > SEGMENT_BYTES) return 0;
    const { pools, pool } = this.#swiotlb;
    if (pools === null) {
      for (let step = 0; step < pool.areas.count; step++) {
        const got = this.#search(cpu, pool, step, device, bytes, Math.min(count, MAX_BLOCKS), pfns);
        if (got > 0) return got;
      }
      return 0;
    }
    const { list } = pools;
    for (let step = 0; step < pools.defaultAreas; step++) {
      for (let index = list.first(LISTED); index !== NO_SLOT_POOL; index = list.next(index)) {
        const listed = list.pool(index);
        if (step >= listed.areas.count) continue;
        const got = this.#search(cpu, listed, step, device, bytes, Math.min(count, MAX_BLOCKS), pfns);
        if (got === 0) continue;
        pools.publish(device, this.#slots[0]!);
        return got;
      }
    }
    return 0;
  }

  /**
   * Frees blocks of one size that begin at `pfns[0..count)`, where `count` is at most `MAX_BLOCKS`: those of an area
   * that follow each other under one acquisition of its lock. @throws ERR_BAD_ADDRESS for one that is not allocated
   */
  free(cpu: Cpu, device: SwiotlbDevice, bytes: number, pfns: Int32Array, count: number): void {
    const swiotlb = this.#swiotlb;
    const slots = this.#slots;
    let from = 0;
    while (from < count) {
      const index = swiotlb.pools?.indexOf(cpu, device, pfns[from]! * PAGE_SIZE) ?? BOOT_POOL;
      const pool = swiotlb.poolAt(index);
      let to = from;
      // The first block decides which slot pool is asked: it refuses a block that it does not hold.
      do {
        slots[to] = pool.slotOf(pfns[to]! * PAGE_SIZE);
        to++;
      } while (to < count && pool.contains(pfns[to]! * PAGE_SIZE));
      pool.releaseBlocks(cpu, slots, from, to, bytes);
      if (swiotlb.isExact) swiotlb.counters.subtractUsed((to - from) * slotsOf(bytes));
      from = to;
    }
  }

  /** Searches one area of a slot pool, `step` areas from the home area of the CPU. Fills `pfns`; returns the count. */
  #search(
    cpu: Cpu,
    pool: SlotPool,
    step: number,
    device: SwiotlbDevice,
    bytes: number,
    count: number,
    pfns: Int32Array,
  ): number {
    const slots = this.#slots;
    const area = (cpu.id + step) & (pool.areas.count - 1);
    const got = pool.searchBlocks(cpu, area, device, bytes, count, slots);
    for (let at = 0; at < got; at++) pfns[at] = (pool.addressOf(slots[at]!) / PAGE_SIZE) | 0;
    if (got > 0 && this.#swiotlb.isExact) this.#swiotlb.counters.addUsed(got * slotsOf(bytes));
    return got;
  }
}
