/** What to boot with, by what was tried. Pure. */
import { bootPool, bootWord, confidentialGuestBytes } from '../../swiotlb/boot/boot-options.js';
import { nextPowerOfTwo, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import type { Recommendation, TriedPool } from './pool-sizing.js';

/** 1 MiB and 1 GiB: the least and the most that Linux takes by itself. */
export const [SMALLEST_SLOTS, LARGEST_SLOTS] = [2 ** 9, 2 ** 19];

/** Fewer slots are never recommended: Linux works with them, and a value below is one of another unit more often. */
export const FEWEST_SLOTS = 2 ** 10;
/** Of the memory of the host a pool has at most so much: it is taken from all others, for as long as it runs. */
export const MOST_OF_MEMORY = 1 / 4;

/** The largest pool of a power of two that is recommended on a host with so much memory; its slots. */
export function roomFor(memoryBytes: number | undefined): number {
  if (memoryBytes === undefined) return LARGEST_SLOTS;
  const slots = Math.floor((memoryBytes * MOST_OF_MEMORY) / SLOT_SIZE);
  return Math.min(LARGEST_SLOTS, slots < 1 ? 0 : 2 ** Math.floor(Math.log2(slots)));
}

/** The slots of a recommendation: enough with headroom, as far as there is room for them. */
export function withHeadroom(enough: number, headroom: number, room: number): number {
  return Math.min(room, Math.max(FEWEST_SLOTS, nextPowerOfTwo(enough * headroom)));
}

/** The areas that Linux makes of `areas` in a pool of `slots`. */
export function areasIn(slots: number, areas: number): number {
  return slots < areas * SEGMENT_SLOTS ? Math.floor(slots / SEGMENT_SLOTS) : areas;
}

/** The smallest pool of a power of two that is enough, and so are all that are larger; null if there is none. */
export function enoughSlots(
  pools: readonly TriedPool[],
  areas: number,
  isEnough: (pool: TriedPool) => boolean,
): TriedPool | null {
  const column = pools
    .filter(({ slots, percent }) => percent === 0 && slots === nextPowerOfTwo(slots) && slots <= LARGEST_SLOTS)
    .filter((pool) => pool.areas === areasIn(pool.slots, areas))
    .sort((a, b) => b.slots - a.slots);
  let smallest: TriedPool | null = null;
  for (const pool of column) {
    if (!isEnough(pool)) break;
    smallest = pool;
  }
  return smallest;
}

export interface RecommendationInput {
  readonly enough: TriedPool;
  readonly areas: number;
  readonly headroom: number;
  readonly percents: readonly TriedPool[];
  readonly isEnough: (pool: TriedPool) => boolean;
  readonly there: PoolShape | null;
  readonly bootParam: string | undefined;
  readonly memoryBytes: number | undefined;
  readonly cpus: number;
  /** True if the load says enough to make a pool smaller by it. */
  readonly mayShrink: boolean;
}

/** `force` of the command line stays: without it less bounces, or nothing. */
function tokenOf(slots: number, areas: number | null, bootParam: string | undefined): string {
  const word = bootParam === undefined ? '' : bootWord(bootParam);
  return `swiotlb=${slots}${areas === null ? '' : `,${areas}`}${word === 'force' ? ',force' : ''}`;
}

/** The largest percent with which, as with all smaller ones, other mappings fail rarely enough. */
function harmlessPercent(percents: readonly TriedPool[], isEnough: (pool: TriedPool) => boolean): number | null {
  if (percents.length === 0) return null;
  const first = percents.findIndex((pool) => !isEnough(pool));
  return first < 0 ? percents.at(-1)!.percent : (percents[first - 1]?.percent ?? 0);
}

export function recommend(input: RecommendationInput): Recommendation {
  const { enough, areas, headroom, percents, isEnough, there, bootParam, memoryBytes, cpus, mayShrink } = input;
  const slots = withHeadroom(enough.slots, headroom, roomFor(memoryBytes));
  const made = areasIn(slots, areas);
  const token = tokenOf(slots, made, bootParam);
  const param = token.slice('swiotlb='.length);
  const hintBytes = memoryBytes === undefined ? null : confidentialGuestBytes(memoryBytes);
  const inGuest = (given: string) =>
    hintBytes === null ? null : bootPool({ param: given, cpus, hintBytes, flags: { force: true } }).slots;
  const inEncryptedGuest = inGuest(param);
  // A segment less is no default, and rounded up to the same. With a number of areas it would be rounded before.
  const instead = tokenOf(slots - SEGMENT_SLOTS, null, bootParam);
  const isMade = inGuest(instead.slice('swiotlb='.length)) === slots;
  return {
    slots,
    bytes: slots * SLOT_SIZE,
    areas: made,
    token,
    enoughSlots: enough.slots,
    high: enough.failures!.high,
    headroom: slots / enough.slots,
    askedHeadroom: headroom,
    mayShrink,
    percent: harmlessPercent(percents, isEnough),
    moreBytes: there === null ? null : (slots - there.slots) * SLOT_SIZE,
    inEncryptedGuest,
    inEncryptedGuestInstead: inEncryptedGuest !== slots && isMade ? instead : null,
  };
}
