/**
 * A memory provider of page pools: blocks of bounce memory.
 * Models: docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool: a block is taken as swiotlb_alloc_pages takes it, but
 * for the page type and the hook in the page allocator; it is born mapped, and its DMA address is its physical one.
 * Deviation: which device a block was taken for is noted here, so that a block that leaves its page pool while others
 * refer to it goes back to the slot pool, not to the page allocator.
 * Threads: any, each with objects of its own over the same columns.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { NO_ADDRESS } from '../../swiotlb/swiotlb.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { BouncePageParts } from '../bounce-pages.js';
import { NO_PAGE } from '../page-table.js';
import { MachineMemory } from './machine-memory.js';

/** No device: the page is not one of bounce memory that a provider has given. */
export const ORDINARY = 0;

/** The device that each block of page pools was taken for. */
export class SlotPages {
  readonly #devices: Uint8Array;

  constructor(arena: Arena, pages: number) {
    this.#devices = arena.uint8(pages);
  }

  reset(): void {
    this.#devices.fill(ORDINARY);
  }

  /** The device of the block with this head, or `ORDINARY`. Accepts any number. */
  deviceOf(pfn: number): number {
    return this.#devices[pfn] ?? ORDINARY;
  }

  setDevice(pfn: number, device: number): void {
    this.#devices[pfn] = device;
  }
}

export class SlotProvider extends MachineMemory {
  readonly #parts: BouncePageParts;
  readonly #slotPages: SlotPages;
  readonly #device: number;

  /** `device` is a number from 1. */
  constructor(parts: BouncePageParts, slotPages: SlotPages, device: number) {
    super(parts.pages);
    this.#parts = parts;
    this.#slotPages = slotPages;
    this.#device = device;
  }

  override alloc(cpu: Cpu, _node: number, order: number): number {
    const { percentLimit, counters, swiotlb, constraints, pages } = this.#parts;
    const bytes = PAGE_SIZE << order;
    if (!percentLimit.take(cpu, bytes / SLOT_SIZE)) {
      counters.countOverLimit(cpu);
      return NO_PAGE;
    }
    const address = swiotlb.allocBouncePages(cpu, constraints[this.#device - 1]!, bytes);
    if (address === NO_ADDRESS) {
      percentLimit.give(cpu, bytes / SLOT_SIZE);
      counters.countWithoutBlock(cpu);
      return NO_PAGE;
    }
    const pfn = (address / PAGE_SIZE) | 0;
    this.#slotPages.setDevice(pfn, this.#device);
    pages.compound(pfn, order);
    counters.countAlloc(cpu);
    return pfn;
  }

  /** The block is one of no device any more before its slots are free, since another CPU may take them then. */
  protected override free(cpu: Cpu, pfn: number): void {
    const { percentLimit, counters, swiotlb, constraints, pages } = this.#parts;
    const bytes = PAGE_SIZE << pages.split(pfn);
    this.#slotPages.setDevice(pfn, ORDINARY);
    counters.countFreed(cpu, false);
    swiotlb.free(cpu, constraints[this.#device - 1]!, pfn * PAGE_SIZE);
    percentLimit.give(cpu, bytes / SLOT_SIZE);
  }
}
