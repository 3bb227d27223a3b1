/**
 * Memory that a device reaches where it is, although it reaches no ordinary memory: what `Dma.map` asks before it
 * bounces. Each design has one.
 * Threads: each has its own over the same tables; any context.
 */
import type { DeviceTable } from '../device/device-table.js';
import type { Flavour } from '../flavour.js';
import type { RegionWindows } from '../memory/region-windows.js';
import { NO_PAGE, type PageTable } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { DmaDevice } from './device.js';

/** The device does not reach the memory: it has to be bounced. */
export const NOT_SHARED = 0;
/** The device reaches it, and each mapping of it is unmapped as any other. */
export const SHARED = 1;
/** It was mapped once and stays mapped: the driver must not unmap it. */
export const STAYS_MAPPED = 2;
/** Whether a device reaches memory where it is: `NOT_SHARED`, `SHARED` or `STAYS_MAPPED`. */
export type Sharing = typeof NOT_SHARED | typeof SHARED | typeof STAYS_MAPPED;

/** Memory that a device reaches where it is: what a design gives to `Dma`. */
export interface SharedMemory {
  /** Where regions beside the machine's memory lie, if devices reach such, for the calling thread. */
  readonly windows?: RegionWindows;
  /** Whether the device reaches `bytes` bytes at physical address `phys` where they are. Accepts any address. */
  sharing(device: DmaDevice, phys: number, bytes: number): Sharing;
  /**
   * True if the address belongs to memory whose owner frees it, so that an unmap must not free its slots. Needed only
   * where `sharing` returns `SHARED`.
   */
  holds(dma: number): boolean;
  /**
   * Gives back slots that are only kept in stock, since a mapping found none. True if there were any. Absent where
   * there is no stock.
   */
  reclaim?(cpu: Cpu): boolean;
}

/**
 * Pages of the bounce type.
 * Models: the test at the top of the patch's swiotlb_map and swiotlb_unmap: docs/spec/tx-path.md#map-sync-and-unmap.
 */
export class BouncePageMemory implements SharedMemory {
  readonly #pages: PageTable;
  readonly #devices: DeviceTable | null;

  /** `devices`: null where the owner of a page is not compared with the device, as the patch was posted. */
  constructor(pages: PageTable, devices: DeviceTable | null) {
    this.#pages = pages;
    this.#devices = devices;
  }

  /** Returns what a flavour has: in `hardened`, owners of pages are compared with the device. */
  static of(flavour: Flavour, pages: PageTable, devices: DeviceTable): BouncePageMemory {
    return new BouncePageMemory(pages, flavour === 'faithful' ? null : devices);
  }

  sharing(device: DmaDevice, phys: number, _bytes: number): Sharing {
    return this.holds(phys) && this.#isOfItsAllocator(phys, device) ? SHARED : NOT_SHARED;
  }

  /** True for an address within a page that was carved from bounce memory and is still allocated. */
  holds(dma: number): boolean {
    const head = this.#pages.headOf((dma / PAGE_SIZE) | 0);
    return head !== NO_PAGE && this.#pages.hasType(head, PAGE_TYPE.zeroCopySwiotlb);
  }

  /**
   * A device with a slot pool of its own must not be given pages of another: see
   * docs/spec/tx-path.md#rule-accept-only-pages-of-the-same-allocator.
   */
  #isOfItsAllocator(phys: number, device: DmaDevice): boolean {
    const devices = this.#devices;
    if (devices === null) return true;
    const owner = this.#pages.owner(this.#pages.headOf((phys / PAGE_SIZE) | 0));
    return owner === device.number || devices.allocator(owner) === devices.allocator(device.number);
  }
}
