/**
 * Registered memory as DMA mapping sees it: the device that it is registered for reaches it, and it stays mapped until
 * its binding ends.
 * Models: dma_map_page of memory with DMA_ATTR_CC_SHARED, and of a net_iov, whose address its binding has.
 * Threads: each has its own over the same bindings; any context.
 */
import type { DmaDevice } from '../../dma/device.js';
import { NOT_SHARED, type SharedMemory, type Sharing, STAYS_MAPPED } from '../../dma/shared-memory.js';
import type { RegionWindows } from '../../memory/region-windows.js';
import { type BindingTable, NO_BINDING } from '../../owner/bindings.js';

export class BoundMemory implements SharedMemory {
  readonly windows: RegionWindows;
  readonly #bindings: BindingTable;

  constructor(bindings: BindingTable, windows: RegionWindows) {
    this.windows = windows;
    this.#bindings = bindings;
  }

  sharing(device: DmaDevice, phys: number, bytes: number): Sharing {
    return this.#bindings.find(device.number, phys, bytes) === NO_BINDING ? NOT_SHARED : STAYS_MAPPED;
  }

  /** Bindings own no slots. */
  holds(_dma: number): boolean {
    return false;
  }
}
