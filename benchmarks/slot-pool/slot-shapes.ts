/** The requests and slot pools that the slot allocator is measured with. Pure. */
import type { Effort } from '../../lib/bench/plan/settings.js';
import { nextPowerOfTwo, SEGMENT_SLOTS, SLOT_SIZE } from '../../lib/units.js';

export interface SlotShape {
  /** Slots of each request. */
  readonly slots: number;
  /** Part of the slot pool that is occupied, percent. */
  readonly occupied: number;
  /** What is left free in an occupied slot pool: whole segments, or single slots anywhere. */
  readonly holes: 'segments' | 'slots';
  readonly threads: number;
  /** `shared`: the threads share one area; `own`: each has one of its own. */
  readonly areas: 'shared' | 'own';
}

const REQUESTS = [1, 2, 16, 128] as const;
const OCCUPIED = [0, 50, 90] as const;
/** Largest request, in slots, that still fits into holes of single slots. */
const MAX_OF_SINGLE_SLOTS = 2;
/** Enough that nine tenths of an area can be occupied by whole segments. */
const MIN_SEGMENTS_PER_AREA = 16;

const PAIRS = 32_768;
const PAIRS_OF_SEGMENTS = 8192;
const MIN_PAIRS = 1024;
const WARMUP_SHARE = 1 / 4;

/** Returns one thread, and one for each CPU; a full run also has the powers of two between them. */
export function threadCounts(effort: Effort, cpus: number): number[] {
  const counts = effort === 'full' ? Array.from({ length: Math.ceil(Math.log2(cpus)) }, (_, power) => 2 ** power) : [1];
  return [...new Set([...counts, cpus])];
}

/** False for shapes that a quick run leaves out: with several threads it measures only slot pools that have room. */
function isWorthIt({ slots, occupied, threads }: SlotShape, effort: Effort): boolean {
  return effort !== 'quick' || threads === 1 || (occupied === 0 && (slots === 1 || slots === 16));
}

/** Returns all shapes of a run. A single thread has one area, which counts as shared. */
export function slotShapes(effort: Effort, cpus: number): SlotShape[] {
  const all = threadCounts(effort, cpus).flatMap((threads) =>
    (threads === 1 ? (['shared'] as const) : (['shared', 'own'] as const)).flatMap((areas) =>
      (['segments', 'slots'] as const).flatMap((holes) =>
        OCCUPIED.filter((occupied) => holes === 'segments' || occupied > 0).flatMap((occupied) =>
          REQUESTS.filter((slots) => holes === 'segments' || slots <= MAX_OF_SINGLE_SLOTS).map((slots) => ({
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

/** Returns the slot pool of a shape. `bytes`: its size, unless the areas need more. */
export function poolOf({ threads, areas }: SlotShape, bytes: number): { slots: number; areas: number } {
  const count = areas === 'shared' ? 1 : nextPowerOfTwo(threads);
  return { slots: Math.max(bytes / SLOT_SIZE, count * MIN_SEGMENTS_PER_AREA * SEGMENT_SLOTS), areas: count };
}

/** Returns how many pairs of allocation and release each thread makes in a sample: some milliseconds of them. */
export function pairsOf({ slots, threads, areas }: SlotShape): { warmup: number; count: number } {
  const alone = slots === SEGMENT_SLOTS ? PAIRS_OF_SEGMENTS : PAIRS;
  const count = areas === 'shared' ? Math.max(MIN_PAIRS, Math.floor(alone / threads)) : alone;
  return { warmup: Math.floor(count * WARMUP_SHARE), count };
}
