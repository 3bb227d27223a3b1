/**
 * Socket pages carved from slots of a slot pool, which give the design `bounce-pages` its name.
 * Models: swiotlb_alloc_pages and swiotlb_free_pages of the 2026 patch:
 * docs/spec/tx-path.md#pages-from-the-slot-pool.
 * Threads: `alloc` and `free` on any CPU.
 */
import { type DeviceTable, NO_DEVICE } from '../device/device-table.js';
import { CopytaxError } from '../errors.js';
import type { Cpu } from '../smp/cpu.js';
import { NO_SLOT_POOL } from '../swiotlb/pools/slot-pool-list.js';
import type { SwiotlbDevice } from '../swiotlb/slots/constraints.js';
import { NO_ADDRESS, type Swiotlb } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE, SLOT_SIZE } from '../units.js';
import { type FreeCounters, freeCounter } from './free-counters.js';
import type { PageSource } from './page-source.js';
import { NO_PAGE, type PageTable } from './page-table.js';
import { PAGE_TYPE } from './page-type.js';
import type { PercentLimit } from './percent-limit.js';

// Local constants: docs/design/0008-constants-and-records.md.
const NOWHERE = NO_SLOT_POOL;

/** What all sources of bounce pages share, whatever their device. */
export interface BouncePageParts {
  /** Descriptors of all pages. */
  readonly pages: PageTable;
  /** The allocator of bounce memory. */
  readonly swiotlb: Swiotlb;
  /** Constraints of device 1, 2, ... */
  readonly constraints: readonly SwiotlbDevice[];
  /** References to devices, one for each page. */
  readonly devices: DeviceTable;
  /** How much of the slot pool pages may take. */
  readonly percentLimit: PercentLimit;
  /** Counts what was taken and freed. */
  readonly counters: FreeCounters;
}

/**
 * Pages carved from slots of bounce memory for one device: bytes that are written there need no second copy. Each page
 * holds a reference to its device. In `faithful` they are searched for like slots of a mapping, in transient pools too.
 */
export class BouncePages implements PageSource {
  readonly #pages: PageTable;
  readonly #swiotlb: Swiotlb;
  readonly #constraints: readonly SwiotlbDevice[];
  readonly #devices: DeviceTable;
  readonly #limit: PercentLimit;
  readonly #counters: FreeCounters;
  readonly #isHardened: boolean;
  /** Number that the private word of each page holds. */
  readonly #device: number;

  /** `device` is a number from 1. */
  constructor(parts: BouncePageParts, device: number) {
    this.#pages = parts.pages;
    this.#swiotlb = parts.swiotlb;
    this.#constraints = parts.constraints;
    this.#devices = parts.devices;
    this.#limit = parts.percentLimit;
    this.#counters = parts.counters;
    this.#isHardened = parts.percentLimit.flavour === 'hardened';
    this.#device = device;
  }

  alloc(cpu: Cpu, order: number): number {
    const bytes = PAGE_SIZE << order;
    if (!this.#limit.take(cpu, bytes / SLOT_SIZE)) {
      this.#counters.countOverLimit(cpu);
      return NO_PAGE;
    }
    const constraint = this.#constraints[this.#device - 1]!;
    const address = this.#isHardened
      ? this.#swiotlb.allocBouncePages(cpu, constraint, bytes)
      : this.#swiotlb.alloc(cpu, constraint, 0, bytes, bytes - 1);
    if (address === NO_ADDRESS) {
      this.#limit.give(cpu, bytes / SLOT_SIZE);
      this.#counters.countWithoutBlock(cpu);
      return NO_PAGE;
    }
    const pfn = (address / PAGE_SIZE) | 0;
    this.#pages.setType(pfn, PAGE_TYPE.zeroCopySwiotlb, this.#device);
    this.#pages.compound(pfn, order);
    this.#devices.getForPage(cpu, this.#device);
    this.#counters.countAlloc(cpu);
    return pfn;
  }

  /**
   * Frees pages of any device. The type is cleared before the slots are freed: then another CPU may own the memory and
   * set a type of its own. The reference to the device is dropped last, since its slot pool is needed until then. A
   * block that has lost its device or its slot pool is leaked on purpose in `hardened`, so that memory whose slots
   * still count as used is not allocated again. In `faithful` it loses its type, and the caller frees it as an ordinary
   * one.
   * @param batched true for one of several pages that are put together
   * @returns false if the caller has to free it
   * @throws ERR_DOUBLE_FREE; in `hardened` ERR_WRONG_KIND for a block that has lost its device or its slot pool
   */
  free(cpu: Cpu, pfn: number, batched: boolean = false): boolean {
    const address = pfn * PAGE_SIZE;
    const device = this.#pages.owner(pfn);
    const constraint = this.#constraints[device - 1];
    if (constraint === undefined || this.#swiotlb.findPool(cpu, constraint, address) === NOWHERE) {
      const why = this.#misfit(cpu, pfn, batched);
      if (this.#isHardened || why.code !== 'ERR_WRONG_KIND') throw why;
      this.#pages.clearType(pfn, PAGE_TYPE.zeroCopySwiotlb);
      return false;
    }
    this.#counters.countFreed(cpu, batched);
    const bytes = PAGE_SIZE << this.#pages.split(pfn);
    this.#pages.clearType(pfn, PAGE_TYPE.zeroCopySwiotlb);
    this.#swiotlb.free(cpu, constraint, address);
    this.#limit.give(cpu, bytes / SLOT_SIZE);
    this.#devices.putOfPage(cpu, device);
    return true;
  }

  #misfit(cpu: Cpu, pfn: number, batched: boolean): CopytaxError {
    if (!this.#pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) {
      return new CopytaxError('ERR_DOUBLE_FREE', `page ${pfn} belongs to no slot pool, or was freed already`);
    }
    const device = this.#pages.owner(pfn);
    this.#counters.countFree(cpu, freeCounter(device !== NO_DEVICE, false, batched));
    const why = device === NO_DEVICE ? 'has no device' : `no slot pool of device ${device} holds it`;
    const message = `page ${pfn} has the bounce type but ${why}; it is leaked on purpose rather than freed`;
    return new CopytaxError('ERR_WRONG_KIND', message);
  }
}
