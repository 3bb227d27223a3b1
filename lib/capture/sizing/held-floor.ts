/**
 * Slots that long-lived mappings hold in place, as receive buffers of network devices do: one slot each. They lie as
 * after a boot: made one after the other on all CPUs, with holes where mappings have ended meanwhile. How many holes
 * there are is drawn: up to one for each of them. Owner: one thread.
 */
import { type Random, randomInt } from '../../random.js';
import type { Cpu } from '../../smp/cpu.js';
import { NO_ADDRESS, type Swiotlb } from '../../swiotlb/swiotlb.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import { deviceKeeping } from '../occupancy/placement.js';

const PLAIN = deviceKeeping(0);

/** Takes `slots` slots of an empty pool. Returns their addresses, in random order; null if there are not as many. */
export function holdFloor(swiotlb: Swiotlb, cpus: readonly Cpu[], slots: number, next: Random): number[] | null {
  if (slots > swiotlb.slots) return null;
  const holes = randomInt(next, Math.min(slots, swiotlb.slots - slots) + 1);
  const held: number[] = [];
  for (let taken = 0; taken < slots + holes; taken++) {
    const address = swiotlb.alloc(cpus[taken % cpus.length]!, PLAIN, PAGE_SIZE, SLOT_SIZE, 0);
    if (address !== NO_ADDRESS) held.push(address);
  }
  for (let left = held.length; left > 1; left--) {
    const other = randomInt(next, left);
    [held[left - 1], held[other]] = [held[other]!, held[left - 1]!];
  }
  for (const address of held.splice(slots)) swiotlb.free(cpus[0]!, PLAIN, address);
  return held;
}
