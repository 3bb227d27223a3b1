/** The copies that are worth measuring: sizes and batches, by effort. Pure. */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytesOrUsual } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../lib/units.js';

/** State of the destination. `cold`: flushed from all caches before it is written. */
export type CopyState = 'hot' | 'cold';

const LLC_MULTIPLE = 4;
/** Part of the memory of the host that each of the two sides of a copy may take. */
const MEMORY_SHARE = 1 / 16;

/** Sizes below the largest, in bytes. */
const SMALL_SIZES = {
  quick: [64, 1500, 16 * KIB, 64 * KIB, MIB],
  default: [64, 256, KIB, 1500, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB],
  full: [
    64,
    128,
    256,
    512,
    KIB,
    1500,
    2 * KIB,
    4 * KIB,
    9000,
    16 * KIB,
    32 * KIB,
    64 * KIB,
    128 * KIB,
    256 * KIB,
    512 * KIB,
    MIB,
    2 * MIB,
    4 * MIB,
    8 * MIB,
  ],
} as const;

/** Largest size by effort: there has to be time to fill and copy it. */
const LARGEST_BYTES = { quick: 64 * MIB, default: 512 * MIB, full: 2048 * MIB } as const;

/**
 * Returns sizes in bytes in ascending order: from 64 B to four times the last-level cache of `cpus`, which copy, capped
 * by effort or memory. Without `cpus` any CPU may copy.
 */
export function copySizes(
  effort: Effort,
  host: Pick<HostFacts, 'caches' | 'memory'>,
  cpus?: readonly number[],
): number[] {
  const llcBytes = lastLevelCacheBytesOrUsual(host, cpus);
  const memoryBytes = (host.memory.totalBytes ?? Number.POSITIVE_INFINITY) * MEMORY_SHARE;
  const largestBytes = Math.min(LLC_MULTIPLE * llcBytes, LARGEST_BYTES[effort], Math.floor(memoryBytes / 64) * 64);
  const sizes: number[] = SMALL_SIZES[effort].filter((bytes) => bytes < largestBytes);
  const between =
    effort === 'quick' ? [] : [llcBytes / 2].filter((bytes) => bytes > sizes.at(-1)! && bytes < largestBytes);
  return [...sizes, ...between, largestBytes];
}

/** Time of a batch: long enough that reading the clock, or an interrupt, hardly matters. */
const BATCH_NS = 200_000;
const MIN_NS_PER_COPY = 15;
const NS_PER_BYTE = 0.08;
/** Memory of all cold copies of a sample, which is flushed before it. */
const COLD_SPAN_BYTES = 2 * MIB;

/** Returns the number of copies in a sample: about 200 µs of them, or one if a single copy takes longer. */
export function copyBatch(bytes: number, state: CopyState): number {
  const wanted = Math.ceil(BATCH_NS / (MIN_NS_PER_COPY + bytes * NS_PER_BYTE));
  return state === 'hot' ? wanted : Math.max(1, Math.min(wanted, Math.floor(COLD_SPAN_BYTES / Math.max(64, bytes))));
}
