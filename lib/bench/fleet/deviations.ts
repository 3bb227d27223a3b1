/**
 * How far each run of a group lies from the others, number by number and by whole families of numbers, in units that do
 * not depend on the runs that lie outside. Pure.
 */
import type { Row } from '../compare/run-facts.js';

/** Runs that a score needs. */
const LEAST_RUNS = 5;
/** Rows that make a family: the median of two is that of none. */
const LEAST_ROWS = 3;
/** Of a normal distribution, the median absolute deviation times this is the standard deviation. */
const NORMAL = 1.4826;
/** Runs of the pooled scale: a scale of few runs is half chance, and that of all rows of its level is not. */
const POOLED_RUNS = 10;
/** Numbers that are closer than this share are the same for a reader. */
const SMALLEST_SCALE = 0.005;

function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Returns the median of the values that are numbers; NaN if none is. */
export function medianOf(values: Iterable<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return sorted.length === 0 ? Number.NaN : middleOf(sorted);
}

/** Returns the median absolute deviation from `center`, as the standard deviation of a normal distribution. */
export function scaleOf(values: Float64Array, center: number): number {
  return NORMAL * medianOf(values.map((value) => Math.abs(value - center)));
}

/** A number or a family of numbers, and how far each run lies from the middle of all. */
export interface Score {
  /** Index of the row, or null for a family. */
  readonly key: number | null;
  /** Standard deviations, by run; above zero: slower, where that has a meaning; NaN: the run lacks it. */
  readonly deviations: Float64Array;
}

interface Raw {
  readonly key: number | null;
  readonly values: Float64Array;
}

/** Returns scores of values of one level; scales are drawn to the middle of all scales the more, the fewer the runs. */
function standardized(raw: readonly Raw[], smallest: number): Score[] {
  const centered = raw.map(({ key, values }) => {
    const center = medianOf(values);
    return { key, values: values.map((value) => value - center), scale: scaleOf(values, center) };
  });
  const pooled = medianOf(centered.map(({ scale }) => scale));
  return centered.map(({ key, values, scale }) => {
    const runs = values.filter((value) => !Number.isNaN(value)).length;
    const drawn = Math.sqrt((runs * scale ** 2 + POOLED_RUNS * pooled ** 2) / (runs + POOLED_RUNS));
    return { key, deviations: values.map((value) => value / Math.max(drawn, smallest)) };
  });
}

/** Logarithms of medians, so that a factor is a distance; those of rates with a minus: more is slower. */
function slowness({ higherIsBetter }: Row, values: Float64Array): Float64Array {
  return values.map((value) => (higherIsBetter === true ? -1 : 1) * Math.log(value));
}

/** Returns the scores of families: for each run the median of its scores in the family. */
function familyScores(scores: readonly Score[], families: readonly (readonly number[])[]): Score[] {
  const raw = families.map((members): Raw => {
    const runs = scores[members[0]!]!.deviations.length;
    const values = Float64Array.from({ length: runs }, (_, run) =>
      medianOf(members.map((at) => scores[at]!.deviations[run]!)),
    );
    return { key: null, values };
  });
  return standardized(raw, SMALLEST_SCALE);
}

/** Rows of whose kind a difference is that of the host: parts of costs and what is derived from others follow. */
const isTested = ({ kind }: Row) => kind === 'value' || kind === 'cost' || kind === 'ratio';
/** A ratio of two cells has no slower side, and so does not add up to one. */
const hasSide = ({ higherIsBetter }: Row) => higherIsBetter !== null;

/** True if a number is not the same in most runs: one that is would draw the middle of its family to zero. */
const isVarying = (values: Float64Array) => scaleOf(values, medianOf(values)) > 0;

/** Returns positions in `tested` by what `nameOf` calls their family; null: the row is in none. Few make no family. */
function familiesBy(tested: readonly (Row | null)[], nameOf: (row: Row) => string): number[][] {
  const families = new Map<string, number[]>();
  for (const [at, row] of tested.entries()) {
    if (row === null) continue;
    const members = families.get(nameOf(row)) ?? [];
    families.set(nameOf(row), members);
    members.push(at);
  }
  return [...families.values()].filter(({ length }) => length >= LEAST_ROWS);
}

/**
 * Returns the scores of the runs of one group: of each number that at least five of them have, and of families of
 * numbers: those of one line, of one scenario, and all. `columns`: as `mediansByKey`.
 */
export function scoresOf(keys: readonly Row[], columns: readonly Float64Array[]): Score[] {
  const indices = [...keys.keys()].filter(
    (key) => isTested(keys[key]!) && columns[key]!.filter((value) => !Number.isNaN(value)).length >= LEAST_RUNS,
  );
  if (indices.length === 0) return [];
  const raw = indices.map((key): Raw => ({ key, values: slowness(keys[key]!, columns[key]!) }));
  const scores = standardized(raw, SMALLEST_SCALE);
  const tested = raw.map(({ values }, at) => {
    const row = keys[indices[at]!]!;
    return hasSide(row) && isVarying(values) ? row : null;
  });
  const levels = [({ kind, line }: Row) => `${kind} ${line}`, ({ scenario }: Row) => scenario, () => 'all'];
  return [...scores, ...levels.flatMap((nameOf) => familyScores(scores, familiesBy(tested, nameOf)))];
}
