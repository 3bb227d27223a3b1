/**
 * Runs of free slots in a bitmap, 1 = free, found a word of 32 slots at a time. A run lies in one segment, as no
 * allocation crosses one: what comes after a segment's last word counts as taken. The bitmap holds whole segments.
 * Threads: whoever holds the lock of the area that is looked at. Hot path: 32-bit integers only, and no objects.
 */

/** Words of the bitmap that a segment has. */
export const SEGMENT_WORDS = 4;
/** No candidate has a run. */
export const NO_RUN = -1;

// Local constants: docs/design/0008-constants-and-records.md.
const NONE = NO_RUN;
const LAST_WORD = SEGMENT_WORDS - 1;
const SEGMENT_SLOTS = SEGMENT_WORDS * 32;
/** By the logarithm of a stride: the bits of a word from 0 on by strides. */
const EVERY = Int32Array.of(-1, 0x55555555, 0x11111111, 0x01010101, 0x00010001, 1);

/** Are `count` slots from `slot` on free, and in one segment? */
export function isRunFree(free: Int32Array, slot: number, count: number): boolean {
  if ((slot & (SEGMENT_SLOTS - 1)) + count > SEGMENT_SLOTS) return false;
  return (startsIn(free, slot >> 5, count) & (1 << (slot & 31))) !== 0;
}

/**
 * Of the slots `first`, `first + stride`, ... below `end`, the first from which `count` slots (1..128) are free; `NO_RUN`
 * when there is none. `stride` is a power of two.
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
 * A quick yes: does a run begin at the first of `starts`, and end in the same word? Not asked for pairs, where the
 * answer is anybody's guess in a pool full of holes, and the CPU's would be wrong too often.
 */
function isFirstInWord(free: number, starts: number, count: number): boolean {
  const bit = 31 - Math.clz32(starts & -starts);
  const run = (-1 >>> (32 - count)) << bit;
  return count > 2 && bit + count <= 32 && (free & run) === run;
}

/** The slots of a word from which `count` slots are free, as bits. */
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

/** The same for more than a word: such a run begins in the free slots at the word's end. */
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
