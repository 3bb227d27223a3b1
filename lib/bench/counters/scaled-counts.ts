/**
 * What counters have counted, from their readings. Where more events are wanted than the CPU has counters, they take
 * turns: a count is scaled up to the whole time, and one that never ran is not known. Pure.
 */

/** Numbers of a row that native code writes for each counter: the count, nanoseconds enabled, nanoseconds running. */
export const ROW_NUMBERS = 3;

/** What counters counted in a stretch of time. */
export interface Counts {
  /** By name, scaled up where counters took turns; a count that never ran is absent. */
  readonly counts: Readonly<Record<string, number>>;
  /** Least share of the time that one of these counters ran; null: there is none. Below 1, counts were scaled up. */
  readonly ranShare: number | null;
}

/** Returns the counts of `rows`, in the order of `names`. */
export function scaledCounts(names: readonly string[], rows: ArrayLike<number>): Counts {
  const counts: Record<string, number> = {};
  let ranShare: number | null = null;
  for (const [at, name] of names.entries()) {
    const row = at * ROW_NUMBERS;
    const [value = 0, enabled = 0, running = 0] = [rows[row], rows[row + 1], rows[row + 2]];
    if (!(running > 0)) continue;
    const share = Math.min(1, running / Math.max(enabled, running));
    counts[name] = value / share;
    ranShare = Math.min(ranShare ?? 1, share);
  }
  return { counts, ranShare };
}

/** Returns the rows of the time between two readings. A count never falls: one that did could not be read. */
export function rowsBetween(before: ArrayLike<number>, after: ArrayLike<number>): Float64Array {
  const rows = Float64Array.from(after, (value, at) => value - (before[at] ?? 0));
  for (let row = 0; row < rows.length; row += ROW_NUMBERS) {
    if (rows.subarray(row, row + ROW_NUMBERS).some((value) => value < 0)) rows.fill(0, row, row + ROW_NUMBERS);
  }
  return rows;
}
