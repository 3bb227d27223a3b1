/** A page allocator for tests: three zones, first fit, naturally aligned, with a journal of all requests. */
import { expect } from '@jest/globals';
import { type BlockSource, ZONE, type Zone } from '../../lib/swiotlb/pools/block-source.js';

const ZONES: readonly (readonly [begin: number, end: number])[] = [
  [2 ** 23, 2 ** 24],
  [3 * 2 ** 30, 3 * 2 ** 30 + 2 ** 24],
  [2 ** 33, 2 ** 33 + 2 ** 25],
];
/** Address of the block that each zone allocates first. */
export const ZONE_START = { dma: ZONES[0]![0], dma32: ZONES[1]![0], any: ZONES[2]![0] };
export const ZONE_DMA_LIMIT = 2 ** 24 - 1;

export class ZoneBlocks implements BlockSource {
  /** Order of each allocated block, by its address. */
  readonly lent = new Map<number, number>();
  readonly journal: string[] = [];
  /** Order of the largest block that exists; -1: none. May change. */
  maxOrder: number;
  readonly #zones: typeof ZONES;

  constructor(maxOrder = 10, zones = ZONES) {
    this.maxOrder = maxOrder;
    this.#zones = zones;
  }

  alloc(_cpu: unknown, order: number, zone: Zone, maySleep: boolean): number {
    const address = order > this.maxOrder ? -1 : this.#place(4096 * 2 ** order, zone);
    if (address !== -1) this.lent.set(address, order);
    const name = Object.keys(ZONE)[zone];
    this.journal.push(`${order} of ${name}${maySleep ? ', may sleep' : ''}: ${address}`);
    return address;
  }

  free(_cpu: unknown, address: number, order: number): void {
    expect({ address, order: this.lent.get(address) }).toEqual({ address, order });
    this.lent.delete(address);
    this.journal.push(`${order} back: ${address}`);
  }

  /** Finds a free place in this zone or a lower one. */
  #place(bytes: number, zone: number): number {
    for (let from = zone; from >= 0; from--) {
      const [begin, end] = this.#zones[from]!;
      for (let at = begin; at + bytes <= end; at += bytes) if (this.#isClear(at, bytes)) return at;
    }
    return -1;
  }

  #isClear(at: number, bytes: number): boolean {
    for (const [other, order] of this.lent) {
      if (at < other + 4096 * 2 ** order && other < at + bytes) return false;
    }
    return true;
  }
}
