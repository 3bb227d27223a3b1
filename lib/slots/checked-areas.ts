/**
 * The areas of a slot pool as one handle changes them: locked, changed, and then unlocked, or repaired where the change
 * was cut off by an error of this thread or the end of another. Callers check all numbers before.
 * Owner: the thread of the handle.
 */
import { Cpu } from '../smp/cpu.js';
import type { DmaConstraints } from '../swiotlb/slots/constraints.js';
import { NO_SLOT } from '../swiotlb/slots/slot-pool.js';
import { TAKEN_OVER } from './area-locks.js';
import type { SlotsTables } from './slots-handle.js';

const NONE = NO_SLOT;
const ANY_DEVICE: DmaConstraints = { minAlignMask: 0, segmentBoundaryMask: Infinity };

export class CheckedAreas {
  readonly #tables: SlotsTables;
  readonly #token: number;
  readonly #stallMs: number;
  readonly #cpu = Cpu.alone();

  constructor(tables: SlotsTables, token: number, stallMs: number) {
    this.#tables = tables;
    this.#token = token;
    this.#stallMs = stallMs;
  }

  /** Takes a block in an area. Returns its first slot, or `NO_SLOT`. @throws ERR_LOCK_STUCK */
  alloc(area: number, bytes: number): number {
    const { blocks, locks, pool } = this.#tables;
    this.#lock(area);
    let slot = NONE;
    try {
      slot = pool.search(this.#cpu, area, ANY_DEVICE, 0, bytes, 0);
      if (slot !== NONE) blocks.begin(slot, bytes, this.#token);
    } catch (error) {
      this.#giveUp(area);
      throw error;
    }
    locks.release(area);
    return slot;
  }

  /** Frees the block that begins at this slot. Returns what `BlockRecords.claim` does. @throws ERR_LOCK_STUCK */
  free(slot: number): number {
    const { blocks, locks, pool } = this.#tables;
    const area = (slot / pool.areaSlots) | 0;
    this.#lock(area);
    let claimed = 0;
    try {
      claimed = blocks.claim(slot);
      if (claimed > 0) pool.release(this.#cpu, ANY_DEVICE, pool.addressOf(slot));
    } catch (error) {
      this.#giveUp(area);
      throw error;
    }
    locks.release(area);
    return claimed;
  }

  /** Frees all blocks that the handle with this token took. Returns their bytes. Cold. @throws ERR_LOCK_STUCK */
  freeBlocksOf(token: number): number {
    const { blocks, pool } = this.#tables;
    let bytes = 0;
    for (let area = 0; area < pool.areas.count; area++) {
      this.#lock(area);
      bytes += blocks.endBlocksOf(token, area * pool.areaSlots, (area + 1) * pool.areaSlots);
      this.#giveUp(area);
    }
    return bytes;
  }

  /** Repairs the areas that threads which have ended had locked. @throws ERR_LOCK_STUCK */
  mend(): void {
    const { locks, pool } = this.#tables;
    for (let area = 0; area < pool.areas.count; area++) {
      if (!locks.isLeftBehind(area)) continue;
      this.#lock(area);
      locks.release(area);
    }
  }

  #lock(area: number): void {
    const { blocks, locks, pool } = this.#tables;
    if (locks.take(area, this.#token, this.#stallMs) === TAKEN_OVER) blocks.repair(pool, area);
  }

  /**
   * Unlocks an area whose tables may not agree with the records, for instance since the stack was full in the midst of
   * a change. Where this fails, too, the area stays locked by this handle, whose next call finds that out and repairs
   * it.
   */
  #giveUp(area: number): void {
    const { blocks, locks, pool } = this.#tables;
    blocks.repair(pool, area);
    locks.release(area);
  }
}
