/** Where the memory of a copy is before it, and the spans that are walked for it, by the caches of the host. Pure. */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytes, lastLevelCacheBytesOrUsual } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB, PAGE_SIZE } from '../../lib/units.js';

/** Of the memory that is read. `hot`: copied just before. */
export const SOURCE_STATES = ['hot', 'L2', 'LLC', 'memory', 'flushed', 'other core'] as const;
/** Of the memory that is written. `first touch`: mapped, and no page of it populated. */
export const DESTINATION_STATES = [...SOURCE_STATES, 'first touch'] as const;
export type DestinationState = (typeof DESTINATION_STATES)[number];
export type SourceState = (typeof SOURCE_STATES)[number];

/** Memory of the copies of a sample, where a cache has to hold it. */
const CHUNK_BYTES = 256 * KIB;
/** Share of a cache that a chunk takes at most. */
const L2_SHARE = 1 / 4;
const LLC_SHARE = 1 / 8;
/** What is walked to evict a chunk, in multiples of the cache that loses it. */
const L1_MULTIPLE = 2;
const L2_MULTIPLE = { usual: 4, least: 2 } as const;
const LLC_MULTIPLE = 4;
/** Share of the last-level cache that such a walk may take, or it would evict the chunk from there as well. */
const WALKED_SHARE = 1 / 2;
const MEMORY_LIMIT = { quick: 256 * MIB, default: GIB, full: GIB } as const;
/** Part of the memory that is available that each side of a copy may take. */
export const MEMORY_SHARE = 1 / 16;

/** How a chunk gets into the state: it is touched, and then as much is walked. */
export interface Level {
  readonly chunkBytes: number;
  readonly walkBytes: number;
}

export interface Spans {
  readonly l2: Level | null;
  readonly llc: Level | null;
  /** Last-level cache of the CPU that copies; null: not told. */
  readonly cacheBytes: number | null;
  /** Each side of copies from and to memory: before a byte is touched again, all others were. */
  readonly memoryBytes: number;
  /** What four times the cache would be, where it is capped; null: it is not. */
  readonly cappedFrom: number | null;
}

/** The cache of data of this level that `cpu` has; null: not told. */
function cacheOf({ caches }: Pick<HostFacts, 'caches'>, cpu: number, level: number): number | null {
  const own = (caches ?? []).filter(
    (cache) => cache.level === level && cache.type !== 'Instruction' && cache.sharedBy.some((all) => all.includes(cpu)),
  );
  return own.length === 0 ? null : own[0]!.bytes;
}

/** `availableBytes`: memory that this process can still get. */
export function spansOf(
  effort: Effort,
  host: Pick<HostFacts, 'caches' | 'memory'>,
  cpu: number,
  availableBytes: number,
): Spans {
  const [l1, l2] = [1, 2].map((level) => cacheOf(host, cpu, level));
  const cacheBytes = lastLevelCacheBytes(host, [cpu]);
  const wanted = LLC_MULTIPLE * lastLevelCacheBytesOrUsual(host, [cpu]);
  const available = Math.min(host.memory.totalBytes ?? availableBytes, availableBytes) * MEMORY_SHARE;
  const limit = Math.max(2 * CHUNK_BYTES, Math.floor(available / PAGE_SIZE) * PAGE_SIZE);
  const memoryBytes = Math.min(wanted, MEMORY_LIMIT[effort], limit);
  const walkBytes = l2 && cacheBytes ? Math.min(L2_MULTIPLE.usual * l2, cacheBytes * WALKED_SHARE) : 0;
  const chunk = (bytes: number) => Math.min(CHUNK_BYTES, Math.floor(bytes / PAGE_SIZE) * PAGE_SIZE);
  return {
    l2: l1 && l2 && l2 > 4 * l1 ? { chunkBytes: chunk(l2 * L2_SHARE), walkBytes: L1_MULTIPLE * l1 } : null,
    llc:
      l2 && cacheBytes && walkBytes >= L2_MULTIPLE.least * l2
        ? { chunkBytes: chunk(cacheBytes * LLC_SHARE), walkBytes }
        : null,
    cacheBytes,
    memoryBytes,
    cappedFrom: memoryBytes < wanted ? wanted : null,
  };
}

/** Bytes that the copies of a sample may take in this state; 0 where it cannot be made. */
export function chunkBytesOf(state: DestinationState, { l2, llc, memoryBytes }: Spans): number {
  if (state === 'L2') return l2?.chunkBytes ?? 0;
  if (state === 'LLC') return llc?.chunkBytes ?? 0;
  return state === 'memory' || state === 'hot' ? memoryBytes : CHUNK_BYTES;
}

/** Bytes that a sample copies, unless one copy is larger, or a cache holds fewer. */
export const SAMPLE_BYTES = CHUNK_BYTES;
