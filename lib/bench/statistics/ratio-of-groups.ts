/**
 * By which factor one group of positive values lies above another: the median of the ratios of all pairs, with the
 * interval of all factors that the rank test would not refuse (Hodges and Lehmann, "Estimates of location based on rank
 * tests", 1963, on logarithms). Pure.
 */
/** Of a larger group, 100 values at even distances of their order stand for all. */
const MOST_VALUES = 100;
const QUANTILE = 1.959964;

/** By which factor one group of values lies above another. */
export interface FactorInterval {
  /** The median of the ratios of all pairs. */
  readonly ratio: number;
  /** Ends of the 95 % interval; the extremes of all pairs if the groups are too small for one. */
  readonly low: number;
  /** Upper end of it. */
  readonly high: number;
}

function logarithms(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const step = Math.max(1, sorted.length / MOST_VALUES);
  const picked = Array.from({ length: Math.min(sorted.length, MOST_VALUES) }, (_, at) => Math.floor((at + 0.5) * step));
  return picked.map((at) => Math.log(sorted[at]!));
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Returns how many of the smallest pairs lie outside the interval: by the normal distribution of the number of pairs
 * below, which for groups of at least four is exact to a pair. None where the rank test could refuse no factor.
 */
function pairsOutside(size: number, other: number): number {
  const spread = QUANTILE * Math.sqrt((size * other * (size + other + 1)) / 12);
  return Math.max(0, Math.floor((size * other) / 2 - spread - 0.5));
}

/** Returns by which factor `of` lies above `to`. Both have at least one value, and all values are positive. */
export function ratioOfGroups(of: readonly number[], to: readonly number[]): FactorInterval {
  const [above, below] = [logarithms(of), logarithms(to)];
  const pairs = Float64Array.from(above.flatMap((value) => below.map((base) => value - base))).sort();
  // The spread that decides is that of all values, not of those that stand for them.
  const outside = pairsOutside(of.length, to.length) * (pairs.length / (of.length * to.length));
  const at = Math.min(Math.floor(outside), (pairs.length - 1) >> 1);
  return {
    ratio: Math.exp(middle(pairs)),
    low: Math.exp(pairs[at]!),
    high: Math.exp(pairs[pairs.length - 1 - at]!),
  };
}
