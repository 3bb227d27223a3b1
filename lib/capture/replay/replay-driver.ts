/**
 * Does again what mappings of a capture did: finds slots, copies, and frees. Linux copies to the slots of every
 * mapping, whichever side will write, and back from them when a mapping from the device ends.
 * Models: swiotlb_tbl_map_single and swiotlb_tbl_unmap_single (kernel/dma/swiotlb.c). Owner: one thread.
 */
import { NO_ADDRESS } from '../../swiotlb/swiotlb.js';
import { SEGMENT_BYTES } from '../../units.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';
import { HoldQueue, type Holds } from '../occupancy/hold-queue.js';
import { type PoolShape, PoolUse } from '../occupancy/pool-use.js';

/** One step of a replay. */
export type Step =
  | { readonly kind: 'map'; readonly timeNs: number; readonly mapping: CapturedMapping }
  | { readonly kind: 'unmap'; readonly timeNs: number; readonly mapping: CapturedMapping }
  | { readonly kind: 'earlier'; readonly timeNs: number; readonly slots: number };

/** Copies the bytes of a mapping between its buffer and its slots, which begin at `address` of the slot pool. */
export type Copy = (toSlots: boolean, mapping: CapturedMapping, address: number) => void;

export class ReplayDriver {
  readonly pool: PoolUse;
  readonly #holds: HoldQueue;
  readonly #copy: Copy | null;
  /** Mappings that were made. */
  maps = 0;
  /** Slots in use just before the last step, when all had ended that were to end by then. */
  usedBefore: number;

  /** Without `copy` nothing is copied. @throws ERR_OUT_OF_RANGE, as `PoolUse` does */
  constructor(shape: PoolShape, startUsed: number, holds: Holds, copy: Copy | null) {
    this.pool = new PoolUse(shape, startUsed);
    this.usedBefore = startUsed;
    this.#holds = new HoldQueue(holds);
    this.#copy = copy;
  }

  step(step: Step): void {
    this.#holds.expire(step.timeNs, this.#expire);
    this.usedBefore = this.pool.used;
    switch (step.kind) {
      case 'map':
        this.#map(step.mapping, step.timeNs);
        break;
      case 'unmap':
        this.#unmap(step.mapping);
        break;
      case 'earlier':
        this.pool.unmapEarlier(step.slots);
        break;
    }
  }

  readonly #expire = (id: number): void => {
    this.pool.unmap(id);
  };

  #map(mapping: CapturedMapping, timeNs: number): void {
    const address = this.pool.map(mapping);
    if (mapping.slot === null) {
      if (address === NO_ADDRESS) return;
      this.#holds.add(mapping.id, mapping.device, timeNs);
    }
    this.maps++;
    this.#move(true, mapping, address);
  }

  #unmap(mapping: CapturedMapping): void {
    const { direction, id } = mapping;
    if (direction === 'from-device' || direction === 'both') this.#move(false, mapping, this.pool.addressOf(id));
    this.pool.unmap(id);
  }

  #move(toSlots: boolean, mapping: CapturedMapping, address: number): void {
    const { size } = mapping;
    if (this.#copy === null || address === NO_ADDRESS || size < 1 || size > SEGMENT_BYTES) return;
    this.#copy(toSlots, mapping, address);
  }
}
