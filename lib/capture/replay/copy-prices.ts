/**
 * What copies cost together: each at the price of its class, so that what a busy host adds to a few of them is not
 * charged to the device or CPU that made these. Pure.
 */
import { type ClassCost, classOf, SIZE_CLASSES } from './copy-costs.js';

/** Copies by class, in the order of `SIZE_CLASSES`. */
export type ClassCounts = number[];

/** Nanoseconds of copies together, and within what that lies if each class lies at that end of its interval. */
export interface Price {
  /** Each copy at the median of its class. */
  readonly ns: number;
  /** Each at the lower end of the interval of its class. */
  readonly lowNs: number;
  /** Each at the upper end. */
  readonly highNs: number;
}

export const noCopies = (): ClassCounts => SIZE_CLASSES.map(() => 0);

/** Counts one more copy of that size. */
export function countCopy(counts: ClassCounts, bytes: number): void {
  counts[classOf(bytes)]!++;
}

/** The price of copies in `passes` passes, for one pass. */
export function priceOf(counts: ClassCounts, classes: readonly ClassCost[], passes: number): Price {
  const sum = (of: (cost: ClassCost) => number) =>
    classes.reduce((total, cost) => total + counts[SIZE_CLASSES.indexOf(cost.upToBytes)]! * of(cost), 0) / passes;
  return {
    ns: sum(({ nsPerCopy, meanNs }) => nsPerCopy?.median ?? meanNs),
    lowNs: sum(({ nsPerCopy, meanNs }) => nsPerCopy?.low ?? meanNs),
    highNs: sum(({ nsPerCopy, meanNs }) => nsPerCopy?.high ?? meanNs),
  };
}
