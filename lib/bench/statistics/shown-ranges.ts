/**
 * The parts of ranges of sizes that a run shows: those whose measured sizes differ significantly. What lies between two
 * such sizes is interpolated. Pure.
 */
import { isSignificant } from './paired-ratio.js';
import { type Curves, intervalOf } from './resampled-rounds.js';

/** Smallest and largest size, bytes, both included. */
export type SizeRange = readonly [from: number, to: number];

/** Returns whether a ratio that follows from the value of a size is significant; `ratioOf` may rise or fall. */
export function isSignificantAt(curves: Curves, at: number, ratioOf: (value: number) => number): boolean {
  const { middle, others, tail, rounds } = curves;
  const ratios = others.map((curve) => ratioOf(curve[at]!));
  const ratio = ratioOf(middle[at]!);
  const { low, high } = intervalOf(ratio, ratios, tail);
  return isSignificant(ratio, low, high, rounds);
}

/**
 * Returns the parts of the ranges in which each measured size is significant. A part reaches to an end of its range if
 * all measured sizes up to there are; one at which both sides are the same, because the range ends there, need not be.
 * `sizes`: those that were measured, in ascending order; `isShown` takes an index.
 */
export function shownRanges(
  ranges: readonly SizeRange[],
  sizes: readonly number[],
  isShown: (at: number) => boolean,
): SizeRange[] {
  return ranges.flatMap(([from, to]) => {
    const inside = [...sizes.keys()].filter((at) => {
      const size = sizes[at]!;
      const isOuter = at === 0 || at === sizes.length - 1;
      const isCrossing = !isOuter && (size === from || size === to);
      return size >= from && size <= to && (!isCrossing || isShown(at));
    });
    const shown: [number, number][] = [];
    let isOpen = false;
    for (const at of inside) {
      const wasOpen = isOpen;
      isOpen = isShown(at);
      if (!isOpen) continue;
      const end = at === inside.at(-1) ? to : sizes[at]!;
      if (wasOpen) shown.at(-1)![1] = end;
      else shown.push([at === inside[0] ? from : sizes[at]!, end]);
    }
    return shown;
  });
}
