/**
 * Which of unlike faults a message tells, from its numbers alone. Pure.
 */
import { SEGMENT_BYTES, SEGMENT_SLOTS, slotsOf } from '../units.js';
import type { Message } from './messages.js';

/** What went wrong; `informational`: nothing; `not-swiotlb`: something else; `unknown`: the line does not tell. */
export type FailureClass =
  | 'no-pool'
  | 'too-large'
  | 'exhausted'
  | 'fragmented'
  | 'alignment'
  | 'device-mask'
  | 'corrupted'
  | 'informational'
  | 'not-swiotlb'
  | 'unknown';

/** No driver maps as much: such a length was overwritten, or is negative. */
const CORRUPTED_BYTES = 2 ** 31;
/** A pool that is as full cannot be told from a full one: the number is read after the search, without a lock. */
const FULL_SHARE = 0.9;

/** What Linux prints only if it found no slots, and not a part of the pool that is too small. */
const SAYS_SO = / at device |memory (?:would|could) be/i;

/**
 * The fewest slots in use with which no run of `slots` is free: in each segment, one in each run of so many. With fewer
 * in use some segment has a free run, wherever they lie.
 */
export function fewestThatBlock(slots: number, total: number): number {
  const ofLast = Math.floor((total % SEGMENT_SLOTS) / slots);
  return Math.floor(total / SEGMENT_SLOTS) * Math.floor(SEGMENT_SLOTS / slots) + ofLast;
}

/** Why the numbers of a failure to find slots cannot be as printed; null if they can. */
export function impossibleNumbers({ size, beyond }: Message): string | null {
  if (beyond !== null) return `${beyond} is no number of bytes or slots that there can be`;
  if (size === 0) return 'a request of 0 bytes takes no slots';
  return null;
}

/** The class of a failure to find slots. */
function classOfFull(message: Message): FailureClass {
  const { size, total, used } = message;
  if (impossibleNumbers(message) !== null) return 'corrupted';
  if (size !== null && (size >= CORRUPTED_BYTES || size < 0)) return 'corrupted';
  if (total === 0) return 'no-pool';
  if (size !== null && size > SEGMENT_BYTES) return 'too-large';
  if (size === null || total === null || used === null) return 'unknown';
  // More than all may be in use: slots of transient pools are counted among those in use, and not among all.
  // Before `alignment`: any free slot would do for a request of one, but one that is freed after the search counts too.
  if (used >= FULL_SHARE * total) return 'exhausted';
  return used < fewestThatBlock(slotsOf(Math.max(1, size)), total) ? 'alignment' : 'fragmented';
}

/** The class of what a message says. `companion`: another message about the same failure, right after it. */
export function classOf(message: Message, companion: Message | null = null): FailureClass {
  switch (message.kind) {
    case 'full':
    case 'coherent-failed':
    case 'iommu-bounce-failed':
    case 'out-of-space': {
      const told = classOfFull(message);
      // Before 5.0 Linux printed no numbers of the pool, but that it was out of space, and where.
      const saysSo = [message, companion].some((one) => one?.kind === 'out-of-space' && SAYS_SO.test(one.words));
      return told === 'unknown' && saysSo ? 'exhausted' : told;
    }
    case 'pool-not-grown':
      return 'exhausted';
    case 'outside-mapping':
      return 'corrupted';
    case 'mask-overflow':
    case 'slot-overflow':
      return 'device-mask';
    case 'no-mapping':
    case 'no-pool':
      return 'no-pool';
    case 'pool':
    case 'pool-not-made':
    case 'pool-freed':
    case 'alignment-warned':
    case 'boot-token':
    case 'suppressed':
      return 'informational';
    case 'not-swiotlb':
      return 'not-swiotlb';
  }
}
