/** Which copies are worth measuring: sizes, kernels and batches by effort. Pure. */
import type { HostFacts } from '../../lib/bench/host/host-schema.js';
import { lastLevelCacheBytesOrUsual } from '../../lib/bench/host/topology.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import type { KernelName } from '../../lib/memory/kernels.js';
import { KIB, MIB } from '../../lib/units.js';

/** Of the destination. `cold`: flushed from all caches before it is written. */
export type CopyState = 'hot' | 'cold';

const LLC_MULTIPLE = 4;
/** Of the memory of the host, for each of the two sides of a copy. */
const MEMORY_SHARE = 1 / 16;

const SMALL_SIZES = {
  quick: [64, 1500, 16 * KIB, 64 * KIB, MIB],
  default: [64, 256, KIB, 1500, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB],
  full: [
    ...[64, 128, 256, 512, KIB, 1500, 2 * KIB, 4 * KIB, 9000, 16 * KIB, 32 * KIB, 64 * KIB],
    ...[128 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB, 4 * MIB, 8 * MIB],
  ],
} as const;

/** Largest size by effort: filling and copying it must fit the time. */
const LARGEST = { quick: 64 * MIB, default: 512 * MIB, full: 2048 * MIB } as const;

/** Sizes from 64 B to four times the last-level cache, where the caches end, by effort and memory. Ascending. */
export function copySizes(effort: Effort, host: Pick<HostFacts, 'caches' | 'memory'>): number[] {
  const llc = lastLevelCacheBytesOrUsual(host);
  const memory = (host.memory.totalBytes ?? Number.POSITIVE_INFINITY) * MEMORY_SHARE;
  const largest = Math.min(LLC_MULTIPLE * llc, LARGEST[effort], Math.floor(memory / 64) * 64);
  const sizes: number[] = SMALL_SIZES[effort].filter((size) => size < largest);
  const between = effort === 'quick' ? [] : [llc / 2].filter((size) => size > sizes.at(-1)! && size < largest);
  return [...sizes, ...between, largest];
}

/** Kernels to compare: the C library's, what kernels use, one with ordinary and one with non-temporal stores. */
export function copyKernels(effort: Effort, supported: readonly KernelName[]): KernelName[] {
  if (effort === 'full') return [...supported];
  const last = (...names: KernelName[]) => names.filter((name) => supported.includes(name)).slice(-1);
  const streaming = last('nt-neon', 'nt-avx2', 'nt-avx512');
  const vector = effort === 'quick' ? [] : last('neon', 'avx2', 'avx512');
  return [...last('libc'), ...last('movsb'), ...vector, ...streaming];
}

/** Long enough that neither the clock nor an interrupt decides. */
const BATCH_NS = 200_000;
const LEAST_NS_PER_COPY = 15;
const NS_PER_BYTE = 0.08;
/** Cold copies need a piece of memory each, which is flushed before every sample. */
const COLD_SPAN = 2 * MIB;

/** Copies per sample: about 200 µs of them, one when a single copy takes longer. */
export function copyBatch(size: number, state: CopyState): number {
  const wanted = Math.ceil(BATCH_NS / (LEAST_NS_PER_COPY + size * NS_PER_BYTE));
  return state === 'hot' ? wanted : Math.max(1, Math.min(wanted, Math.floor(COLD_SPAN / Math.max(64, size))));
}
