/** Least squares with coefficients that cannot be negative, as variances cannot. Pure. */

const MAX_SWEEPS = 10_000;
const TOLERANCE = 1e-10;

/**
 * Returns the coefficients, none below 0, for which the weighted sum of squares of `rows * coefficients - values` is
 * smallest. Each sweep minimises over one coefficient after the other; the sum is convex, so that leads to its minimum.
 * A column of zeros gets 0. `weights`: one for each row, not negative.
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[],
): number[] {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => column);
  const products = columns.map((a) =>
    columns.map((b) => rows.reduce((sum, row, at) => sum + weights[at]! * row[a]! * row[b]!, 0)),
  );
  const targets = columns.map((a) => rows.reduce((sum, row, at) => sum + weights[at]! * row[a]! * values[at]!, 0));
  const result = new Array<number>(width).fill(0);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let moved = 0;
    for (const a of columns) {
      const square = products[a]![a]!;
      if (square === 0) continue;
      const others = columns.reduce((sum, b) => (b === a ? sum : sum + products[a]![b]! * result[b]!), 0);
      const better = Math.max(0, (targets[a]! - others) / square);
      moved = Math.max(moved, Math.abs(better - result[a]!));
      result[a] = better;
    }
    if (moved <= TOLERANCE * Math.max(...result)) break;
  }
  return result;
}
