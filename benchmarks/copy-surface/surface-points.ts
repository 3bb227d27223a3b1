/** What is measured: not each combination, but four cuts through all of them, and `auto`. Pure. */
import type { Effort } from '../../lib/bench/plan/settings.js';
import type { CopyKernelName } from '../../lib/memory/copy-kernels.js';
import { KIB, MIB, roundUp } from '../../lib/units.js';
import {
  chunkBytesOf,
  DESTINATION_STATES,
  type DestinationState,
  SAMPLE_BYTES,
  SOURCE_STATES,
  type SourceState,
  type Spans,
} from './copy-states.js';
import type { Alignment } from './offsets.js';

export const PAGE_KINDS = ['4 KiB', 'transparent', 'hugetlb'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

interface Common {
  readonly kernel: CopyKernelName;
  readonly size: number;
}
export type StatePoint = Common & { part: 'sizes' | 'states'; from: SourceState; to: DestinationState };
export type AlignmentPoint = Common & { part: 'alignment'; offset: Alignment };
export type PagePoint = Common & { part: 'pages'; pages: PageKind };
export type AutoPoint = Common & { part: 'auto' };

const around = (...sizes: number[]) => sizes.flatMap((size) => [size - 1, size, size + 1]);
/** What a segment of TCP holds, an MTU, a jumbo MTU. */
const WIRE_SIZES = [1448, 1500, 9000];
/** 45 such segments, the largest packet, and two limits of larger ones (`gso_max_size`). */
const GSO_SIZES = [65160, ...around(64 * KIB), 185_000, 524_280];
const USUAL_SIZES = [...around(64, 256, KIB, 4 * KIB, 16 * KIB), ...WIRE_SIZES, ...GSO_SIZES, MIB, 4 * MIB];
const SIZES = {
  quick: [64, 1500, 4 * KIB, 64 * KIB, MIB],
  default: USUAL_SIZES,
  full: [...USUAL_SIZES, ...around(128, 512, 2 * KIB, 8 * KIB, 32 * KIB)],
} as const;
const AUTO_SIZES = {
  quick: [64, 1500, 64 * KIB],
  default: [63, 64, 65, 256, KIB, ...WIRE_SIZES, ...around(4 * KIB), 16 * KIB, 65160, 64 * KIB, MIB],
} as const;
/** What a wire takes, and the largest packet. */
const STATE_SIZES = [1500, 64 * KIB];
/** Where the bytes of a transmit path are: just copied, to slots that are used again late, and neither of both. */
const SIZE_STATES: readonly (readonly [SourceState, DestinationState])[] = [
  ['hot', 'hot'],
  ['hot', 'memory'],
  ['memory', 'memory'],
];

/** Hot copies are the fastest: of them a sample has more. */
const HOT_MULTIPLE = 8;
const NEAR: readonly DestinationState[] = ['hot', 'L2', 'LLC'];
const NEAR_REPEATS = 3;

/** Whether this host can make the state. */
export type Possible = (state: DestinationState) => boolean;

/** Sizes in ascending order; those above the last-level cache come from the host, and half of the cache as well. */
export function surfaceSizes(effort: Effort, spans: Spans): number[] {
  const cache = spans.cacheBytes ?? spans.memoryBytes / 4;
  const large = effort === 'quick' ? [spans.memoryBytes] : [cache / 2, 2 * cache, spans.memoryBytes];
  const all = [...SIZES[effort].filter((size) => size <= (spans.cacheBytes ?? size)), ...large];
  return [...new Set(all)].filter((size) => size <= spans.memoryBytes).sort((a, b) => a - b);
}

/** A hot copy has both sides in the caches: only where they hold them. */
const staysHot = (size: number, { cacheBytes, memoryBytes }: Spans) => size <= (cacheBytes ?? memoryBytes / 4) / 2;

/** Copies of a sample: each where no other was, unless it is hot on both sides. */
export function batchOf({ size, from, to }: Pick<StatePoint, 'size' | 'from' | 'to'>, spans: Spans): number {
  const sample = from === 'hot' && to === 'hot' ? HOT_MULTIPLE * SAMPLE_BYTES : SAMPLE_BYTES;
  const room = Math.min(chunkBytesOf(from, spans), chunkBytesOf(to, spans), sample);
  return Math.max(1, Math.floor(room / roundUp(size, 64)));
}

/** How often a sample prepares and copies: more than once where a cache holds few copies, and those are fast. */
export function repeatsOf({ size, from, to }: Pick<StatePoint, 'size' | 'from' | 'to'>): number {
  const isNear = (state: DestinationState) => NEAR.includes(state);
  if (from === to && to === 'hot') return 1;
  return isNear(from) && isNear(to) && size <= SAMPLE_BYTES ? NEAR_REPEATS : 1;
}

/** Sizes with copy kernels in a few states. */
export function sizePoints(effort: Effort, kernels: readonly CopyKernelName[], spans: Spans): StatePoint[] {
  return SIZE_STATES.flatMap(([from, to]) =>
    surfaceSizes(effort, spans)
      .filter((size) => from === 'memory' || staysHot(size, spans))
      .flatMap((size) => kernels.map((kernel): StatePoint => ({ part: 'sizes', kernel, from, to, size }))),
  );
}

/** All states of the source with all of the destination. */
export function statePoints(
  effort: Effort,
  kernels: readonly CopyKernelName[],
  spans: Spans,
  possible: Possible,
): StatePoint[] {
  const holds = (state: DestinationState, size: number) => possible(state) && chunkBytesOf(state, spans) >= size;
  return (effort === 'quick' ? STATE_SIZES.slice(-1) : STATE_SIZES).flatMap((size) =>
    kernels.flatMap((kernel) =>
      SOURCE_STATES.filter((from) => holds(from, size)).flatMap((from) =>
        DESTINATION_STATES.filter((to) => holds(to, size)).map(
          (to): StatePoint => ({ part: 'states', kernel, from, to, size }),
        ),
      ),
    ),
  );
}

export function alignmentPoints(
  effort: Effort,
  kernels: readonly CopyKernelName[],
  offsets: readonly Alignment[],
): AlignmentPoint[] {
  const sizes = effort === 'quick' ? [4 * KIB] : [1500, 4 * KIB, 64 * KIB];
  return sizes.flatMap((size) =>
    kernels.flatMap((kernel) => offsets.map((offset): AlignmentPoint => ({ part: 'alignment', kernel, offset, size }))),
  );
}

export function pagePoints(kernels: readonly CopyKernelName[], kinds: readonly PageKind[], bytes: number): PagePoint[] {
  return [...new Set([Math.min(MIB, bytes), bytes])].flatMap((size) =>
    kernels.flatMap((kernel) => kinds.map((pages): PagePoint => ({ part: 'pages', kernel, pages, size }))),
  );
}

export function autoPoints(effort: Effort, kernels: readonly CopyKernelName[]): AutoPoint[] {
  const sizes = AUTO_SIZES[effort === 'quick' ? 'quick' : 'default'];
  return sizes.flatMap((size) => kernels.map((kernel): AutoPoint => ({ part: 'auto', kernel, size })));
}
