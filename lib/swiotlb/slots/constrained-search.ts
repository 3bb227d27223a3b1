/**
 * The search of an area for devices that want low address bits kept, or boundaries not crossed.
 * Models: swiotlb_search_pool_area (kernel/dma/swiotlb.c); the slot allocator's specification, section 5.1.
 * Threads: whoever holds the area's lock. Nothing here makes objects, hence the long lists of arguments.
 */
import { low31, SLOT_SHIFT, SLOT_SIZE } from '../../units.js';
import { NO_RUN } from './free-runs.js';
import type { DmaConstraints, SlotPool } from './slot-pool.js';
import type { SlotTable } from './slot-table.js';

/**
 * Next-fit, as `SlotPool.search` does it: the first slot of a run, or `NO_RUN`.
 * @param base first slot of the area
 * @param index where to begin, relative to the area
 * @param align 2^n - 1 that the address must clear
 */
export function findConstrained(
  pool: SlotPool,
  base: number,
  index: number,
  origin: number,
  wanted: number,
  align: number,
  device: DmaConstraints,
): number {
  const { table, areaSlots } = pool;
  const bounded = device.segmentBoundaryMask !== Infinity;
  const boundary = bounded ? Math.floor(device.segmentBoundaryMask / SLOT_SIZE) + 1 : 0;
  const start = bounded ? remainder(pool.start / SLOT_SIZE, boundary) : pool.start / SLOT_SIZE;
  // Masks and addresses in units of slots, of which the low 31 bits are all that any mask can reach.
  const reproduce = device.minAlignMask & ~align;
  const reproduceSlots = origin === 0 ? 0 : reproduce >>> SLOT_SHIFT;
  const mask = (align >>> SLOT_SHIFT) | reproduceSlots;
  const wish = reproduceSlots === 0 ? 0 : low31(Math.floor(origin / SLOT_SIZE)) & reproduceSlots;
  const stride = (Math.max(align, reproduce) >>> SLOT_SHIFT) + 1;
  // With a mask that has gaps, the slot a stride after a suitable one is not suitable itself.
  if ((stride & (stride - 1)) !== 0) {
    return findOneByOne(table, base, areaSlots, index, wanted, mask, wish, stride, start, boundary);
  }
  const address = low31(start + base);
  const end = base + areaSlots;
  const first = base + index + ((wish - address - index) & mask);
  const slot = fit(table, first, end, wanted, stride, start, boundary);
  if (slot !== NO_RUN) return slot;
  // Once more from the start of the area: up to the cursor, less the overshoot, which counts as looked at.
  const over = first < end ? (first - end) & (stride - 1) : 0;
  return fit(table, base + ((wish - address) & mask), base + index - over, wanted, stride, start, boundary);
}

/** Of the slots `first`, `first + stride`, ... below `end`, the first with a run that crosses no boundary. */
function fit(
  table: SlotTable,
  first: number,
  end: number,
  wanted: number,
  stride: number,
  start: number,
  boundary: number,
): number {
  let slot = table.findRun(first, end, wanted, stride);
  while (slot !== NO_RUN && crosses(start + slot, wanted, boundary)) {
    slot = table.findRun(slot + stride, end, wanted, stride);
  }
  return slot;
}

/** The search as it is described, slot by slot. */
function findOneByOne(
  table: SlotTable,
  base: number,
  areaSlots: number,
  cursor: number,
  wanted: number,
  mask: number,
  wish: number,
  stride: number,
  start: number,
  boundary: number,
): number {
  let index = cursor;
  let step = 1;
  for (let checked = 0; checked < areaSlots; checked += step) {
    const slot = base + index;
    step = 1;
    if ((low31(start + slot) & mask) === wish) {
      if (table.isRunFree(slot, wanted) && !crosses(start + slot, wanted, boundary)) return slot;
      step = stride;
    }
    index += step;
    if (index >= areaSlots) index = 0;
  }
  return NO_RUN;
}

/** `slot`: of an address. `boundary`: slots from one boundary to the next, 0 = there is none. */
function crosses(slot: number, count: number, boundary: number): boolean {
  return boundary !== 0 && remainder(slot, boundary) + count > boundary;
}

function remainder(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
