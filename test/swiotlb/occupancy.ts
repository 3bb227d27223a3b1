/**
 * The holder of each slot as the callers know it, with the rules that every allocator has to keep: no slot is allocated
 * twice, no allocation crosses a segment or a boundary of its device, the required address bits are there, and the
 * number of used slots adds up.
 */
import { expect } from '@jest/globals';
import type { DmaConstraints } from '../../lib/swiotlb/slots/constraints.js';
import type { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';

const SLOT = 2048;
const FREE = 0;

export interface Asked {
  readonly device: DmaConstraints;
  /** 0 = none: no address bits are required beyond the alignment. */
  readonly origin: number;
  readonly bytes: number;
  readonly alignMask: number;
}

export class Occupancy {
  readonly #pool: SlotPool;
  /** For each slot: the address that its holder was given, 0 = free. */
  readonly #taker: Float64Array;
  #used = 0;

  constructor(pool: SlotPool) {
    this.#pool = pool;
    this.#taker = new Float64Array(pool.slots);
  }

  take({ device, origin, bytes, alignMask }: Asked, address: number): void {
    const { minAlignMask, segmentBoundaryMask } = device;
    if (origin !== 0) expect(address % (minAlignMask + 1)).toBe(origin % (minAlignMask + 1));
    const offset = Math.min(origin % (minAlignMask + 1), origin % (Math.max(alignMask, SLOT - 1) + 1));
    const begin = address - offset;
    expect(begin % (alignMask + 1)).toBe(0);
    const first = (begin - this.#pool.start) / SLOT;
    const count = Math.ceil((Math.ceil((bytes + offset) / (alignMask + 1)) * (alignMask + 1)) / SLOT);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first + count).toBeLessThanOrEqual(this.#pool.slots);
    expect(Math.floor(first / 128)).toBe(Math.floor((first + count - 1) / 128));
    if (segmentBoundaryMask !== Infinity) {
      const part = (at: number) => Math.floor(at / (segmentBoundaryMask + 1));
      expect(part(begin + count * SLOT - 1)).toBe(part(begin));
    }
    for (let slot = first; slot < first + count; slot++) {
      if (this.#taker[slot] !== FREE)
        throw new Error(`slot ${slot} of ${this.#taker[slot]} was allocated again, to ${address}`);
      this.#taker[slot] = address;
    }
    this.#used += count;
  }

  give(address: number, count: number): void {
    let given = 0;
    for (let slot = 0; slot < this.#taker.length; slot++) {
      if (this.#taker[slot] !== address) continue;
      this.#taker[slot] = FREE;
      given++;
    }
    expect(count).toBe(given);
    this.#used -= given;
  }

  assertBalanced(): void {
    const { table } = this.#pool;
    let marked = 0;
    for (let slot = 0; slot < this.#taker.length; slot++) {
      const taken = !table.isFree(slot);
      if (taken !== (this.#taker[slot] !== FREE)) throw new Error(`slot ${slot}: the bitmap says taken=${taken}`);
      if (taken) marked++;
    }
    expect(this.#pool.used()).toBe(this.#used);
    expect(marked).toBe(this.#used);
  }
}
