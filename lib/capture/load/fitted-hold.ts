/** The time for which mappings must be held for a pool to be as full as a host has counted. Pure. */
import { SLOT_SIZE } from '../../units.js';
import { slotsAt } from '../mappings/mapping-stream.js';
import { EndHeap } from './end-heap.js';
import { EARLIER, isTooLarge, type PoolLoad } from './pool-load.js';

const [SHORTEST_NS, LONGEST_NS] = [100, 100e9];
const STEPS = 40;

function slotsOf({ bytes, offset }: PoolLoad, at: number): number {
  return isTooLarge(bytes[at]!, offset[at]!) ? 0 : slotsAt(offset[at]!, bytes[at]!);
}

/**
 * Slots that mappings have in use whose time is known, when each entry is made. Below 0 where more of before have ended
 * than are in use: they were a part of what is held from before.
 */
export function slotsOfKnown(load: PoolLoad): Float64Array {
  const { entries, timeNs, bytes, heldNs } = load;
  const ends = new EndHeap();
  const used = new Float64Array(entries);
  let now = 0;
  for (let at = 0; at < entries; at++) {
    while (ends.firstNs <= timeNs[at]!) now -= slotsOf(load, ends.pop());
    const held = heldNs[at]!;
    if (held === EARLIER) now -= bytes[at]! / SLOT_SIZE;
    else if (!Number.isNaN(held)) {
      now += slotsOf(load, at);
      if (held !== Number.POSITIVE_INFINITY) ends.push(timeNs[at]! + held, at);
    }
    used[at] = now;
  }
  return used;
}

/** Most slots in use at a time if each mapping whose time is not known is held for `holdNs`, beside `known`. */
export function mostHeld(load: PoolLoad, holdNs: number, known: Float64Array = slotsOfKnown(load)): number {
  const { entries, timeNs, heldNs } = load;
  let [used, most, oldest] = [0, 0, 0];
  const untoldSlots = (at: number) => (Number.isNaN(heldNs[at]!) ? slotsOf(load, at) : 0);
  for (let at = 0; at < entries; at++) {
    while (timeNs[oldest]! + holdNs <= timeNs[at]! && oldest < at) used -= untoldSlots(oldest++);
    used += untoldSlots(at);
    most = Math.max(most, used + known[at]!);
  }
  return most;
}

/** The shortest time with which the most slots in use are `slots`; null if no time does, or each does. */
export function fittedHold(load: PoolLoad, slots: number): number | null {
  const known = slotsOfKnown(load);
  if (slots <= 0 || mostHeld(load, LONGEST_NS, known) < slots) return null;
  if (known.some((used) => used >= slots)) return null;
  let [low, high] = [SHORTEST_NS, LONGEST_NS];
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(low * high);
    if (mostHeld(load, middle, known) < slots) low = middle;
    else high = middle;
  }
  return high;
}
