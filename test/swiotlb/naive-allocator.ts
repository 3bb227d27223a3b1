/**
 * The slot allocator as Linux keeps its books: a free counter, a size, an original and a padding count in every slot,
 * rewritten to the left of each allocation. Slow and simple; the decisions of `Swiotlb` are compared with it.
 * Masks are 2^n - 1, so that remainders do what bit operators do, at any address.
 */
import type { DmaConstraints } from '../../lib/swiotlb/slots/constraints.js';

const SLOT = 2048;
const SEGMENT = 128;
const NONE = -1;

export class NaiveAllocator {
  readonly free: number[];
  readonly allocBytes: number[];
  readonly origin: number[];
  readonly padSlots: number[];
  readonly used: number[];
  readonly index: number[];
  readonly areaSlots: number;
  readonly start: number;
  readonly slots: number;
  readonly areas: number;

  constructor(start: number, slots: number, areas: number) {
    this.start = start;
    this.slots = slots;
    this.areas = areas;
    this.areaSlots = Math.floor(slots / areas);
    this.free = Array.from({ length: slots }, (_, slot) => Math.min(SEGMENT - (slot % SEGMENT), slots - slot));
    this.allocBytes = new Array<number>(slots).fill(0);
    this.origin = new Array<number>(slots).fill(NONE);
    this.padSlots = new Array<number>(slots).fill(0);
    this.used = new Array<number>(areas).fill(0);
    this.index = new Array<number>(areas).fill(0);
  }

  /** Returns the bounce address of the first byte, or -1. `origin` 0: pages, which have no original. */
  map(cpu: number, device: DmaConstraints, origin: number, bytes: number, alignMask: number): number {
    for (let step = 0; step < this.areas; step++) {
      const address = this.mapIn((cpu + step) % this.areas, device, origin, bytes, alignMask);
      if (address !== NONE) return address;
    }
    return NONE;
  }

  mapIn(area: number, device: DmaConstraints, origin: number, bytes: number, alignMask: number): number {
    const { offset, total } = extent(device, origin, bytes, alignMask);
    if (total > SEGMENT * SLOT) return NONE;
    const first = this.#search(area, device, origin, total, alignMask);
    if (first === NONE) return NONE;
    const data = first + Math.floor(offset / SLOT);
    if (origin !== 0) {
      this.padSlots[data] = data - first;
      for (let slot = data; slot < first + Math.ceil(total / SLOT); slot++) {
        this.origin[slot] = origin + (slot - data) * SLOT;
      }
    }
    return this.start + data * SLOT + (offset % SLOT);
  }

  #search(area: number, device: DmaConstraints, origin: number, total: number, alignMask: number): number {
    const wanted = Math.ceil(total / SLOT);
    const pageRule = alignMask === 0 && device.minAlignMask === 0 && total >= 4096;
    const align = Math.max(pageRule ? 4095 : alignMask, SLOT - 1) + 1;
    const reproduce = device.minAlignMask + 1;
    // The larger mask as it is: what `reproduce` leaves above `align` is not 2^n - 1, so the step may be odd.
    const stride = Math.floor(Math.max(align - 1, reproduce - align) / SLOT) + 1;
    const bounded = device.segmentBoundaryMask !== Infinity;
    const boundary = device.segmentBoundaryMask + 1;
    const start = bounded ? this.start % boundary : this.start;
    if (wanted > this.areaSlots - this.used[area]!) return NONE;
    for (let index = this.index[area]!, checked = 0; checked < this.areaSlots; ) {
      const slot = area * this.areaSlots + index;
      const address = start + slot * SLOT;
      const alike = (x: number) => Math.floor((x % reproduce) / align);
      const suitable = address % align === 0 && (origin === 0 || alike(address) === alike(origin));
      const straddles = bounded && (address % boundary) + wanted * SLOT > boundary;
      if (suitable && !straddles && this.free[slot]! >= wanted) {
        this.#take(area, slot, wanted, total - (origin % Math.min(reproduce, SLOT)));
        return slot;
      }
      const step = suitable ? stride : 1;
      checked += step;
      index = index + step >= this.areaSlots ? 0 : index + step;
    }
    return NONE;
  }

  #take(area: number, first: number, count: number, bytes: number): void {
    for (let i = 0; i < count; i++) {
      this.free[first + i] = 0;
      this.allocBytes[first + i] = bytes - i * SLOT;
    }
    for (let slot = first - 1, run = 1; slot >= 0 && slot % SEGMENT !== SEGMENT - 1 && this.free[slot] !== 0; slot--) {
      this.free[slot] = run++;
    }
    const next = first + count - area * this.areaSlots;
    this.index[area] = next >= this.areaSlots ? 0 : next;
    this.used[area]! += count;
  }

  /** Frees an allocation. Returns its number of slots. */
  unmap(device: DmaConstraints, address: number): number {
    const low = address % Math.min(device.minAlignMask + 1, SLOT);
    const data = (address - low - this.start) / SLOT;
    const first = data - this.padSlots[data]!;
    const count = Math.ceil((this.allocBytes[first]! + low) / SLOT);
    const inSegment = (slot: number) => Math.floor(slot / SEGMENT) === Math.floor(first / SEGMENT) && slot < this.slots;
    let run = inSegment(first + count) ? this.free[first + count]! : 0;
    for (let slot = first + count - 1; slot >= first; slot--) {
      this.free[slot] = ++run;
      this.allocBytes[slot] = 0;
      this.origin[slot] = NONE;
      this.padSlots[slot] = 0;
    }
    for (let slot = first - 1; slot >= 0 && inSegment(slot) && this.free[slot] !== 0; slot--) this.free[slot] = ++run;
    this.used[Math.floor(first / this.areaSlots)]! -= count;
    return count;
  }
}

/** The offset of the data in its allocation, and the total bytes of the allocation. */
export function extent(device: DmaConstraints, origin: number, bytes: number, alignMask: number) {
  const offset = Math.min(origin % (device.minAlignMask + 1), origin % (Math.max(alignMask, SLOT - 1) + 1));
  return { offset, total: Math.ceil((bytes + offset) / (alignMask + 1)) * (alignMask + 1) };
}
