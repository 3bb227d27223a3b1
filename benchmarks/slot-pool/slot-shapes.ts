/** Which requests to which pools the slot allocator is measured with. Pure. */
import type { Effort } from '../../lib/bench/plan/settings.js';
import { nextPowerOfTwo, SEGMENT_SLOTS, SLOT_SIZE } from '../../lib/units.js';

export interface SlotShape {
  /** Slots of each request. */
  readonly slots: number;
  /** Of the pool, percent. */
  readonly occupied: number;
  /** What is free where part of the pool is occupied: whole segments, or single slots anywhere. */
  readonly holes: 'segments' | 'slots';
  readonly threads: number;
  /** Do the threads share one area, or has each its own? */
  readonly areas: 'shared' | 'own';
}

const REQUESTS = [1, 2, 16, 128] as const;
const OCCUPIED = [0, 50, 90] as const;
/** Of holes of single slots, drawn at random, only the smallest requests find one that fits. */
const MOST_OF_SINGLE_SLOTS = 2;
/** Enough that nine tenths of an area can be occupied by whole segments. */
const LEAST_SEGMENTS_PER_AREA = 16;

const PAIRS = 32_768;
const PAIRS_OF_SEGMENTS = 8192;
const LEAST_PAIRS = 1024;
const WARMUP_SHARE = 1 / 4;

/** One thread, and as many as there are CPUs; a full run has the powers of two between them as well. */
export function threadCounts(effort: Effort, cpus: number): number[] {
  const counts = effort === 'full' ? Array.from({ length: Math.ceil(Math.log2(cpus)) }, (_, power) => 2 ** power) : [1];
  return [...new Set([...counts, cpus])];
}

/** Of several threads, a quick run asks only what they do to each other in a pool that has room. */
function isWorthIt({ slots, occupied, threads }: SlotShape, effort: Effort): boolean {
  return effort !== 'quick' || threads === 1 || (occupied === 0 && (slots === 1 || slots === 16));
}

/** A single thread has no one to share with, so it has one area. */
export function slotShapes(effort: Effort, cpus: number): SlotShape[] {
  const all = threadCounts(effort, cpus).flatMap((threads) =>
    (threads === 1 ? (['shared'] as const) : (['shared', 'own'] as const)).flatMap((areas) =>
      (['segments', 'slots'] as const).flatMap((holes) =>
        OCCUPIED.filter((occupied) => holes === 'segments' || occupied > 0).flatMap((occupied) =>
          REQUESTS.filter((slots) => holes === 'segments' || slots <= MOST_OF_SINGLE_SLOTS).map((slots) => ({
            slots,
            occupied,
            holes,
            threads,
            areas,
          })),
        ),
      ),
    ),
  );
  return all.filter((shape) => isWorthIt(shape, effort));
}

/** The pool of a shape. `bytes`: how large it is if the areas do not need more. */
export function poolOf({ threads, areas }: SlotShape, bytes: number): { slots: number; areas: number } {
  const count = areas === 'shared' ? 1 : nextPowerOfTwo(threads);
  return { slots: Math.max(bytes / SLOT_SIZE, count * LEAST_SEGMENTS_PER_AREA * SEGMENT_SLOTS), areas: count };
}

/** Allocations, each with its release, that every thread makes in a sample: some milliseconds of them. */
export function pairsOf({ slots, threads, areas }: SlotShape): { warmup: number; count: number } {
  const alone = slots === SEGMENT_SLOTS ? PAIRS_OF_SEGMENTS : PAIRS;
  const count = areas === 'shared' ? Math.max(LEAST_PAIRS, Math.floor(alone / threads)) : alone;
  return { warmup: Math.floor(count * WARMUP_SHARE), count };
}
