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

import { flush } from '../memory/copy.js';
import { FIRST_WINDOW } from '../memory/region-windows.js';
import { type Cpu, NO_SOCKET } from '../smp/cpu.js';
import { SKIP_CPU_SYNC } from '../swiotlb/dma-attributes.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';
import { NO_ADDRESS } from '../swiotlb/swiotlb.js';
import type { DmaDevice } from './device.js';
import { NOT_SHARED, type SharedMemory, STAYS_MAPPED } from './shared-memory.js';

/** Returned by `map` when the device cannot be given an address. */
export const MAPPING_ERROR = -1;

/** Teaches a socket which device bounces; implemented by `LearnedDevices` (lib/net/learned-device.ts). */
export interface SocketTeacher {
  /** This device bounces what is mapped on behalf of the socket, unless it lies in bounce memory already. */
  teach(cpu: Cpu, socket: number, device: number): void;
}

/** Maps memory for devices, and decides what is bounced. Threads: each has its own over the same tables. */
export class Dma {
  readonly #swiotlb: Swiotlb;
  readonly #shared: SharedMemory;
  readonly #ramRegion: number;
  readonly #teacher: SocketTeacher | null;
  /** True if the last `map` returned an address that stays mapped: it must not be unmapped. */
  staysMapped = false;

  /**
   * @param shared memory that devices reach without a bounce
   * @param ramRegion id of the region whose offsets are physical addresses
   * @param teacher what is told of the devices that bounce; null where sockets need not learn
   */
  constructor(swiotlb: Swiotlb, shared: SharedMemory, ramRegion: number, teacher: SocketTeacher | null = null) {
    this.#swiotlb = swiotlb;
    this.#shared = shared;
    this.#ramRegion = ramRegion;
    this.#teacher = teacher;
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
   * @returns the DMA address, or `MAPPING_ERROR`; `staysMapped` says whether it is to be unmapped
   */
  map(cpu: Cpu, device: DmaDevice, phys: number, bytes: number, site: number, attributes = 0): number {
    this.staysMapped = false;
    const isReachable = phys + bytes - 1 <= device.dmaMask;
    if (!device.forceBounce && isReachable) {
      if (!device.isCoherent && (attributes & SKIP_CPU_SYNC) === 0) this.clean(phys, bytes);
      return phys;
    }
    if (this.#teacher !== null && cpu.txSocket !== NO_SOCKET) {
      this.#teacher.teach(cpu, cpu.txSocket, device.number);
    }
    const sharing = isReachable ? this.#shared.sharing(device, phys, bytes) : NOT_SHARED;
    if (sharing !== NOT_SHARED) {
      this.staysMapped = sharing === STAYS_MAPPED;
      if (!device.isCoherent && (attributes & SKIP_CPU_SYNC) === 0) this.clean(phys, bytes);
      return phys;
    }
    let bounce = this.#swiotlb.alloc(cpu, device, phys, bytes, 0);
    if (bounce === NO_ADDRESS && this.#shared.reclaim?.(cpu) === true) {
      bounce = this.#swiotlb.alloc(cpu, device, phys, bytes, 0);
    }
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
    if (!this.#swiotlb.mayHold(device, dma) || this.#shared.holds(dma)) return;
    this.#swiotlb.freeIfHeld(cpu, device, dma);
  }

  /** Cleans a range from the caches, for devices that do not snoop them. @throws ERR_REGION_CLOSED */
  clean(phys: number, bytes: number): void {
    const { windows } = this.#shared;
    if (phys < FIRST_WINDOW || windows === undefined) flush(this.#ramRegion, phys, bytes);
    else {
      windows.locate(phys);
      flush(windows.region, windows.offset, bytes);
    }
  }
}
