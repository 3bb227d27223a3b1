/**
 * Memory for growth: blocks of pages from zones, below an address limit.
 * Models: swiotlb_alloc_tlb and alloc_dma_pages (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#background-growth.
 * Threads: any, as far as the source allows.
 */
import { frozen } from '../../frozen.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';

/** Zones of page memory, from the lowest. */
export const ZONE: {
  /** Memory that devices with the narrowest addresses reach. */
  readonly dma: 0;
  /** Memory below 4 GiB. */
  readonly dma32: 1;
  /** All memory. */
  readonly any: 2;
} = frozen({ dma: 0, dma32: 1, any: 2 });
/** A number of `ZONE`. */
export type Zone = (typeof ZONE)[keyof typeof ZONE];

/** A page allocator, as growth uses it for new slot pools and buffers. */
export interface BlockSource {
  /** Allocates 2^order pages from this zone or a lower one. Returns their physical address, or -1. */
  alloc(cpu: Cpu, order: number, zone: Zone, maySleep: boolean): number;
  /** Frees what `alloc` returned for the same order. */
  free(cpu: Cpu, address: number, order: number): void;
}

/** Returned when there is no block below the limit. */
export const NO_BLOCK = -1;

const DMA32_LIMIT = 2 ** 32 - 1;

/** Blocks of a source by size and highest address, instead of by order and zone. */
export class LimitedBlocks {
  readonly #blocks: BlockSource;
  readonly #zoneDmaLimit: number;

  /** `zoneDmaLimit` is the highest address of the DMA zone. */
  constructor(blocks: BlockSource, zoneDmaLimit: number) {
    this.#blocks = blocks;
    this.#zoneDmaLimit = zoneDmaLimit;
  }

  /**
   * Allocates a block for `bytes`, all of which lie at or below `limit`. Returns its address, or `NO_BLOCK`. Tries the
   * highest zone that the limit allows first, and lower ones when a block lies above the limit.
   */
  alloc(cpu: Cpu, bytes: number, limit: number, maySleep: boolean): number {
    const blocks = this.#blocks;
    const order = orderOf(bytes);
    let zone: Zone = limit <= this.#zoneDmaLimit ? ZONE.dma : limit <= DMA32_LIMIT ? ZONE.dma32 : ZONE.any;
    for (;;) {
      const start = blocks.alloc(cpu, order, zone, maySleep);
      if (start === NO_BLOCK || start + bytes - 1 <= limit) return start;
      blocks.free(cpu, start, order);
      if (zone === ZONE.dma) return NO_BLOCK;
      zone = zone === ZONE.any && limit !== Infinity ? ZONE.dma32 : ZONE.dma;
    }
  }

  /** Frees a block that `alloc` returned for the same number of bytes. */
  free(cpu: Cpu, address: number, bytes: number): void {
    this.#blocks.free(cpu, address, orderOf(bytes));
  }
}

/** Order of the smallest block of pages that holds `bytes`, 1 to 2^31. */
export function orderOf(bytes: number): number {
  return 32 - Math.clz32((bytes - 1) / PAGE_SIZE);
}
