/**
 * Captures that tell slots, but not when they are given back: recorded with a probe at the map function and none at the
 * unmap function, or with one that missed much. Their mappings would seem to be held to the end. Pure.
 */
import { slotsOfKnown } from './fitted-hold.js';
import { EARLIER, NOT_TOLD, type PoolLoad } from './pool-load.js';

/** Why ends are taken as not told: no mapping was seen to end; or more would be in use than the host has counted. */
export type MissingEnds = 'none-ended' | 'above-high-water';

/** By how much more than the host has counted may seem to be in use: the floor is read a moment before. */
const TOLERATED = 1.1;

/**
 * Returns the load with such ends as not told, and why; the same load and null where they are told.
 * `isEndSeen`: false if no mapping was seen to end. `room`: slots of the high-water mark above the floor, or null.
 */
export function withoutMissingEnds(
  load: PoolLoad,
  isEndSeen: boolean,
  room: number | null,
): { load: PoolLoad; missing: MissingEnds | null } {
  const { heldNs } = load;
  if (!isEndSeen && heldNs.some((held) => held >= 0)) {
    return {
      load: { ...load, heldNs: heldNs.map((held) => (held === EARLIER ? held : NOT_TOLD)) },
      missing: 'none-ended',
    };
  }
  if (room === null || room <= 0 || !heldNs.includes(Number.POSITIVE_INFINITY)) return { load, missing: null };
  const isAbove = slotsOfKnown(load).some((used) => used > room * TOLERATED);
  if (!isAbove) return { load, missing: null };
  const told = heldNs.map((held) => (held === Number.POSITIVE_INFINITY ? NOT_TOLD : held));
  return { load: { ...load, heldNs: told }, missing: 'above-high-water' };
}
