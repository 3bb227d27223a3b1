/**
 * DMA mapping: what address a device sees for a piece of memory. The only place that decides whether to bounce.
 * Models: dma_direct_map_page, swiotlb_map and the patch's fast path (kernel/dma):
 * docs/spec/tx-path.md#driver-mapping-and-the-second-copy and docs/spec/tx-path.md#map-sync-and-unmap.
 * Deviation: `map` lists the bounce copy on the CPU's copy list instead of making it, so that one native crossing
 * carries all copies of an skb; the caller runs the list before it rings the doorbell. `copytax verify` checks the slot
 * allocator below this class against recorded traces. It replays them through `SynchronousMapping`, so it says nothing
 * of the decision made here or of the copies listed here.
 * Threads: any; context: any.
 */

import type { DeviceTable } from '../device/device-table.js';
import type { Flavour } from '../flavour.js';
import { flush } from '../memory/copy.js';
import { NO_PAGE, type PageTable } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import { type Cpu, NO_SOCKET } from '../smp/cpu.js';
import { SKIP_CPU_SYNC } from '../swiotlb/dma-attributes.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';
import { NO_ADDRESS } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE } from '../units.js';
import type { DmaDevice } from './device.js';

/** Returned by `map` when the device cannot be given an address. */
export const MAPPING_ERROR = -1;

/** Teaches a socket which device bounces; implemented by `LearnedDevices` (lib/net/learned-device.ts). */
export interface SocketTeacher {
  /** This device bounces what is mapped on behalf of the socket, unless it lies in bounce memory already. */
  teach(cpu: Cpu, socket: number, device: number): void;
}

/** Parts for designs whose sockets learn which device bounces. */
export interface LearningParts {
  readonly teacher: SocketTeacher;
  readonly devices: DeviceTable;
  readonly flavour: Flavour;
}

export class Dma {
  readonly #swiotlb: Swiotlb;
  readonly #pages: PageTable;
  readonly #ramRegion: number;
  readonly #learning: LearningParts | null;

  /** `ramRegion` is the id of the region whose offsets are physical addresses. */
  constructor(swiotlb: Swiotlb, pages: PageTable, ramRegion: number, learning: LearningParts | null = null) {
    this.#swiotlb = swiotlb;
    this.#pages = pages;
    this.#ramRegion = ramRegion;
    this.#learning = learning;
  }

  /**
   * Decides whether the device can use the memory where it is. If not, reserves slots and lists the copy on the CPU's
   * copy list; `BounceCopy` (lib/net/bounce-copy.ts) makes all copies of a packet in one crossing. Six parameters, as
   * dma_map_page_attrs: an object would cost on this path. Direction to-device. Memory that is not bounced is cleaned
   * from the caches for a device that does not snoop them; a bounce is for the caller to clean, once it has made the
   * copy.
   * @param phys physical address, not 0
   * @param site of the copy ledger, for a bounce copy if one is needed
   * @param attributes `SKIP_CPU_SYNC`: the caller cleans the caches, or has done so
   * @returns the DMA address, or `MAPPING_ERROR`
   */
  map(cpu: Cpu, device: DmaDevice, phys: number, bytes: number, site: number, attributes = 0): number {
    const isReachable = phys + bytes - 1 <= device.dmaMask;
    if (!device.forceBounce && isReachable) {
      if (!device.isCoherent && (attributes & SKIP_CPU_SYNC) === 0) this.clean(phys, bytes);
      return phys;
    }
    if (this.#learning !== null && cpu.txSocket !== NO_SOCKET) {
      this.#learning.teacher.teach(cpu, cpu.txSocket, device.number);
    }
    if (isReachable && this.#isLivePage(phys) && this.#isOfItsAllocator(phys, device)) {
      if (!device.isCoherent && (attributes & SKIP_CPU_SYNC) === 0) this.clean(phys, bytes);
      return phys;
    }
    const bounce = this.#swiotlb.alloc(cpu, device, phys, bytes, 0);
    if (bounce === NO_ADDRESS) return MAPPING_ERROR;
    if (bounce + bytes - 1 > device.dmaMask) {
      this.#swiotlb.free(cpu, device, bounce);
      return MAPPING_ERROR;
    }
    const ram = this.#ramRegion;
    cpu.list.push(ram, /* to */ bounce, ram, /* from */ phys, bytes, site);
    return bounce;
  }

  /**
   * Undoes `map`. Direction to-device: nothing is copied back. Call it before dropping the reference that keeps a
   * bounce page alive: once the page's type is gone, its slots may belong to another mapping and would be released
   * under it.
   */
  unmap(cpu: Cpu, device: DmaDevice, dma: number): void {
    if (!this.#swiotlb.mayHold(device, dma) || this.#isLivePage(dma)) return;
    this.#swiotlb.freeIfHeld(cpu, device, dma);
  }

  /** Cleans a range from the caches, for devices that do not snoop them. @throws ERR_REGION_CLOSED */
  clean(phys: number, bytes: number): void {
    flush(this.#ramRegion, phys, bytes);
  }

  /**
   * A device with a slot pool of its own must not be given pages of another: see
   * docs/spec/tx-path.md#rule-accept-only-pages-of-the-same-allocator. The patch as posted does not check.
   */
  #isOfItsAllocator(phys: number, device: DmaDevice): boolean {
    const learning = this.#learning;
    if (learning === null || learning.flavour === 'faithful') return true;
    const owner = this.#pages.owner(this.#pages.headOf((phys / PAGE_SIZE) | 0));
    return owner === device.number || learning.devices.allocator(owner) === learning.devices.allocator(device.number);
  }

  /** True for an address within a page that was carved from bounce memory and is still allocated. */
  #isLivePage(phys: number): boolean {
    const head = this.#pages.headOf((phys / PAGE_SIZE) | 0);
    return head !== NO_PAGE && this.#pages.hasType(head, PAGE_TYPE.zeroCopySwiotlb);
  }
}
