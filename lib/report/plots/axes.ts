/** Axes of pictures, and their ends. Pure. */
import { bytes } from '../tables/format.js';

/** Ends of an axis, in its unit. */
export type Ends = Readonly<Record<'min' | 'max', number>>;

/** Between two labels of an axis of sizes from a few KiB to a GiB. */
export const OCTAVES_PER_TICK = 4;

/** Of an axis on which each doubling has the same length. */
export const OCTAVES = { type: 'log', logBase: 2 } as const;

/** Returns the least and the greatest of the values. */
export const endsOf = (values: readonly number[]): Ends => ({ min: Math.min(...values), max: Math.max(...values) });

/** Returns powers of two around all values, which are above 0; `room`: how far beyond them an end is, at least. */
export function octavesAround(values: readonly number[], room = 1): Ends {
  const { min, max } = endsOf(values);
  return { min: 2 ** Math.floor(Math.log2(min / room)), max: 2 ** Math.ceil(Math.log2(max * room)) };
}

/** Returns an axis of sizes in bytes, with labels such as `64 KiB`. */
export function sizeAxis(name: string, ends: Ends) {
  return { ...OCTAVES, name, ...ends, axisLabel: { formatter: (value: number) => bytes(value), hideOverlap: true } };
}
