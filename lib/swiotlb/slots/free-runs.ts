/**
 * Runs of free slots in a bitmap, 1 = free, found a word of 32 slots at a time. A run lies in one segment, because no
 * allocation crosses one: what comes after a segment's last word counts as allocated. The bitmap holds whole segments.
 * Threads: the caller holds the lock of the area that is searched. Hot path: 32-bit integers only, and no objects.
 */

/** Words of the bitmap for one segment. */
export const SEGMENT_WORDS = 4;
/** Returned when no candidate has a run. */
export const NO_RUN = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const NONE = NO_RUN;
const LAST_WORD = SEGMENT_WORDS - 1;
const SEGMENT_SLOTS = SEGMENT_WORDS * 32;
/** The bits of a word at distances of a stride, from bit 0 on; indexed by the logarithm of the stride. */
const EVERY = Int32Array.of(-1, 0x55555555, 0x11111111, 0x01010101, 0x00010001, 1);

/** True if `count` slots from `slot` on are free and lie in one segment. */
export function isRunFree(free: Int32Array, slot: number, count: number): boolean {
  if ((slot & (SEGMENT_SLOTS - 1)) + count > SEGMENT_SLOTS) return false;
  return (startsIn(free, slot >> 5, count) & (1 << (slot & 31))) !== 0;
}

/**
 * Returns the first of the slots `first`, `first + stride`, ... below `end` from which `count` slots (1..128) are free,
 * or `NO_RUN`. `stride` is a power of two.
 */
export function findRun(free: Int32Array, first: number, end: number, count: number, stride: number): number {
  if (first >= end) return NONE;
  const bit = first & 31;
  const every = EVERY[Math.min(31 - Math.clz32(stride), 5)]!;
  const later = every << (bit & (stride - 1));
  const step = stride <= 32 ? 1 : stride >> 5;
  const last = (end - 1) >> 5;
  let candidates = every << bit;
  let word = first >> 5;
  while (word <= last) {
    let starts = free[word]! & candidates;
    if (starts !== 0 && count > 1 && !isFirstInWord(free[word]!, starts, count)) starts &= startsIn(free, word, count);
    if (starts !== 0) {
      const slot = (word << 5) + 31 - Math.clz32(starts & -starts);
      return slot < end ? slot : NONE;
    }
    candidates = later;
    word += step;
  }
  return NONE;
}

/**
 * True if a run begins at the first of `starts` and ends in the same word. A shortcut: false proves nothing. It is not
 * tried for pairs of slots, whose result the CPU's branch predictor would miss too often in a slot pool full of holes.
 */
function isFirstInWord(free: number, starts: number, count: number): boolean {
  const bit = 31 - Math.clz32(starts & -starts);
  const run = (-1 >>> (32 - count)) << bit;
  return count > 2 && bit + count <= 32 && (free & run) === run;
}

/** Returns the slots of a word from which `count` slots are free, as bits. */
function startsIn(free: Int32Array, word: number, count: number): number {
  if (count > 32) return longStartsIn(free, word, count);
  let low = free[word]!;
  let high = (word & LAST_WORD) === LAST_WORD ? 0 : free[word + 1]!;
  // Each bit says that `run` slots are free from it on; so does the one `by` slots further, which overlaps or adjoins.
  let run = 1;
  while (run < count && low !== 0) {
    const by = Math.min(run, count - run);
    low &= (low >>> by) | (high << (32 - by));
    high &= high >>> by;
    run += by;
  }
  return low;
}

/** `startsIn` for a run longer than a word, which begins in the free slots at the word's end. */
function longStartsIn(free: Int32Array, word: number, count: number): number {
  const lowest = 32 - Math.clz32(~free[word]!);
  if (lowest === 32) return 0;
  let after = 0;
  for (let next = word + 1; (next & LAST_WORD) !== 0; next++) {
    const taken = ~free[next]!;
    if (taken !== 0) {
      after += 31 - Math.clz32(taken & -taken);
      break;
    }
    after += 32;
  }
  const highest = 32 + after - count;
  return highest < lowest ? 0 : (-1 << lowest) & (-1 >>> (31 - Math.min(highest, 31)));
}
