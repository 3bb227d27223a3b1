/** How many bytes lie queued between the two copies, by effort and host, and how a queue is written and read. Pure. */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytes } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { GIB, KIB, MIB } from '../../lib/units.js';

/** Bytes that the value of a cell is of: the largest packet. */
export const PACKET_BYTES = 64 * KIB;
/** Slots that second copies write to: one segment, which is the largest mapping. */
export const SLOT_BYTES = 256 * KIB;

const SMALLEST_BYTES = 4 * KIB;
/**
 * Here there are sizes between the powers of two: below, a queue is not of whole fragments then; above, writing them
 * would take most of the time of a round.
 */
const HALVES_FROM_BYTES = 64 * KIB;
const HALVES_BELOW_BYTES = 32 * MIB;
/** Largest queue, and how far beyond it a large cache may take it. */
const LARGEST_BYTES = { quick: 64 * MIB, default: 256 * MIB, full: 256 * MIB } as const;
const LARGEST_FOR_CACHE_BYTES = { quick: 256 * MIB, default: GIB, full: GIB } as const;
/** A queue this often as large as the last-level cache is in memory. */
const LLC_MULTIPLE = 2;
/** Part of the memory that is available that a queue may take. */
export const MEMORY_SHARE = 1 / 8;

export interface QueueSizes {
  /** Bytes, ascending. */
  readonly sizes: readonly number[];
  /** Those that this host has no memory for. */
  readonly leftOut: readonly number[];
  /** Last-level cache of the CPU that copies, bytes; null: not told. */
  readonly cacheBytes: number | null;
}

const powerOfTwoFrom = (bytes: number) => 2 ** Math.ceil(Math.log2(bytes));

/**
 * Returns sizes from 4 KiB to 256 MiB (quick: 64 MiB, every second octave), or to twice the last-level cache of `cpu`
 * where that is larger, up to 1 GiB (quick: 256 MiB). `availableBytes`: memory that this process can still get.
 */
export function queueSizes(
  effort: Effort,
  host: Pick<HostFacts, 'caches' | 'memory'>,
  cpu: number,
  availableBytes: number,
): QueueSizes {
  const cacheBytes = lastLevelCacheBytes(host, [cpu]);
  const forCache = Math.min(powerOfTwoFrom(LLC_MULTIPLE * (cacheBytes ?? 1)), LARGEST_FOR_CACHE_BYTES[effort]);
  const largest = Math.max(LARGEST_BYTES[effort], forCache);
  const step = effort === 'quick' ? 4 : 2;
  const all: number[] = [];
  for (let bytes = SMALLEST_BYTES; bytes <= largest; bytes *= step) {
    all.push(bytes);
    const half = 1.5 * bytes;
    if (effort !== 'quick' && bytes >= HALVES_FROM_BYTES && half < HALVES_BELOW_BYTES) all.push(half);
  }
  if (all.at(-1)! < largest) all.push(largest);
  const limit = MEMORY_SHARE * Math.min(host.memory.totalBytes ?? availableBytes, availableBytes);
  const fits = (bytes: number) => bytes <= Math.max(limit, SMALLEST_BYTES);
  return { sizes: all.filter(fits), leftOut: all.filter((bytes) => !fits(bytes)), cacheBytes };
}

/** How a sample writes and reads a queue. */
export interface QueuePlan {
  /** Bytes of one copy. */
  readonly unitBytes: number;
  /**
   * Bytes whose second copy is timed. As many before them, from the head of the queue on, are copied by the same loop
   * and not timed: they make the instructions warm, as they are where packet follows packet.
   */
  readonly timedBytes: number;
  /** How often the queue is written and copied, in one sample. */
  readonly repeats: number;
  /** Whether it is done once before, so that buffers are as warm as in all other repeats. */
  readonly warms: boolean;
}

/** A queue from here on leaves nothing in the caches that was there before. */
const WARMS_BELOW_BYTES = 32 * MIB;
/** Largest part of a longer queue that is timed. */
const TIMED_SHARE = 1 / 8;
/** Bytes that a sample times at least, and of a long queue half: writing that takes milliseconds. */
export const SAMPLE_BYTES = 256 * KIB;
/** Each repeat on another core is a message to a thread and back. */
const REPEATS_OF_ANOTHER_CORE = 32;

/** Returns the plan for a queue of a size that `queueSizes` returns. */
export function queuePlan(queued: number, isAnotherCore: boolean): QueuePlan {
  const unitBytes = Math.min(queued / 2, FRAG_BYTES);
  const share = Math.floor((queued * TIMED_SHARE) / unitBytes) * unitBytes;
  const timedBytes = Math.max(unitBytes, Math.min(share, SLOT_BYTES / 2));
  const warms = queued < WARMS_BELOW_BYTES;
  const enough = warms ? Math.ceil(SAMPLE_BYTES / timedBytes) : 1;
  const repeats = isAnotherCore ? Math.min(enough, REPEATS_OF_ANOTHER_CORE) : enough;
  return { unitBytes, timedBytes, repeats, warms };
}
