/**
 * What is compared: for each tool its runs, the copies of copytax that stand beside each run, and what would explain a
 * difference. A difference in conditions that is known is removed where copytax can take the tool's condition:
 *
 * - `mbw` and `perf bench` have arrays of calloc, which begin 16 bytes into a page, of small pages unless transparent
 *   huge pages are `always`; so have the regions of copytax here, and none is locked.
 * - `mbw` has written both arrays before it copies, and its first run is left out; `perf bench` makes a copy before it
 *   takes the time. Copytax makes a copy that is not timed.
 * - `mbw -t2` reads the same block of the source again and again, and copytax does, too.
 *
 * The conditions that copytax cannot take are measured beside it: see `explanations`.
 */
import type { HugePagePolicy } from '../../lib/memory/region-spec.js';
import type { Comparison, Explanation } from './agreement-file.js';
import { type CopySpec, copyRate } from './copies.js';
import type { ToolName } from './programs.js';

/** Takes one rate for each of its keys, gigabytes per second. */
export interface Measure {
  readonly keys: readonly string[];
  readonly take: () => readonly number[];
}

/** A run of a tool and what is measured beside it, in the order of even rounds. */
export interface Group {
  readonly tool: ToolName;
  readonly measures: readonly Measure[];
  readonly comparisons: readonly Comparison[];
}

export interface Conditions {
  /** Of the arrays of `mbw` and `perf bench`: powers of two, at least 1 MiB; the largest one for stress-ng. */
  readonly sizes: readonly number[];
  /** Pages of memory that asks for none. */
  readonly hugePages: HugePagePolicy;
  /** That this CPU has. */
  readonly copyKernels: readonly string[];
  /** Path of tool_loops; null where it cannot be compiled. */
  readonly loops: string | null;
  /** Where stress-ng may write. */
  readonly folder: string;
}

/** Bytes that a chunk of calloc begins after the start of its page. */
export const CALLOC_OFFSET = 16;
const TIMED_BYTES = 2 ** 29;
export const COPIES = { min: 8, max: 100 };

const COUNTS_FIRST_TOUCH = 'the tool times the first touch of its memory: so does this copy';
const HAS_HUGE_PAGES = 'the tool has huge pages: so has this copy';
const ALLOCATES_NO_LINES = 'the tool allocates no lines of the cache for what it writes: neither do these stores';

/** Copies of the whole array in one run. */
export function copiesOf(bytes: number): number {
  return Math.min(COPIES.max, Math.max(COPIES.min, Math.floor(TIMED_BYTES / bytes)));
}

export interface Beside {
  readonly kind: string;
  readonly key: string;
  readonly spec: CopySpec;
  /** Tried before the others. */
  readonly first?: readonly Explanation[];
}

/** The key of a copy that stands beside the run of this key. */
export const besideKey = (copyKernel: string, key: string, how = '') => `copytax ${copyKernel}${how} beside ${key}`;

/** A comparison of one run with one copy, and the variants of that copy that may explain a difference. */
export function besides(
  tool: ToolName,
  run: Measure,
  { kind, key, spec, first = [] }: Beside,
  { copyKernels }: Conditions,
): Group {
  const { copyKernel, bytes } = spec;
  const [avx512, avx2, neon] = ['nt-avx512', 'nt-avx2', 'nt-neon'] as const;
  const past = [avx512, avx2, neon].find((name) => copyKernels.includes(name));
  const variants: [because: string, how: string, varied: CopySpec][] = [
    ...(spec.hugePages === 'never'
      ? [[HAS_HUGE_PAGES, ' huge', { ...spec, hugePages: 'thp' }] as [string, string, CopySpec]]
      : []),
    ...(past === undefined
      ? []
      : [[ALLOCATES_NO_LINES, ` as ${past}`, { ...spec, copyKernel: past }] as [string, string, CopySpec]]),
    [COUNTS_FIRST_TOUCH, ' first touch', { ...spec, firstTouch: true }],
  ];
  const to = besideKey(copyKernel, key);
  const measures = [
    run,
    { keys: [to], take: () => [copyRate(spec)] },
    ...variants.map(([, how, varied]) => ({
      keys: [besideKey(copyKernel, key, how)],
      take: () => [copyRate(varied)],
    })),
  ];
  const tried = variants.map(([because, how]) => ({
    because,
    pairs: [{ of: key, to: besideKey(copyKernel, key, how) }],
  }));
  const comparison = { tool, kind, bytes, copyKernel, of: key, to, explanations: [...first, ...tried] };
  return { tool, measures, comparisons: [comparison] };
}
