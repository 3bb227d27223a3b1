/**
 * How far the rounds of a run depend on the rounds before them. On a shared host the hypervisor moves virtual CPUs for
 * tens of seconds, so that consecutive rounds are alike, and say less than as many independent ones.
 */

/** Rounds that are more alike than this are treated as no more alike: an interval cannot be told from so few. */
const MOST_ALIKE = 0.9;

/** Returns the ranks of the values less their mean; equal values share the mean of their ranks. */
function centredRanks(values: readonly number[]): Float64Array {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let at = first; at < end; at++) ranks[order[at]!] = (first + end - values.length) / 2;
    first = end;
  }
  return ranks;
}

/**
 * Returns the correlation of the rank of a value with that of the next one, in [-1, 1]: von Neumann's ratio on ranks
 * (Bartels, "The Rank Version of von Neumann's Ratio Test for Randomness", 1982). Ranks, because one sample that
 * another process hit would decide the correlation of the values themselves. 0 if all values are equal. For few
 * independent values it is about -1/n in the mean.
 */
export function rankAutocorrelation(values: readonly number[]): number {
  const ranks = centredRanks(values);
  let products = 0;
  let squares = 0;
  for (let at = 0; at < ranks.length; at++) {
    squares += ranks[at]! ** 2;
    if (at > 0) products += ranks[at - 1]! * ranks[at]!;
  }
  return squares === 0 ? 0 : products / squares;
}

/**
 * Returns how many times as many rounds as independent ones are needed for the same variance of a mean, from 1 to 19,
 * for a rank autocorrelation r in [-1, 1]: (1 + r) / (1 - r), as if each round depended on the one before it alone. A
 * negative one counts as none: that rounds alternate is more likely chance than better than independence.
 */
export function inflationOf(autocorrelation: number): number {
  const alike = Math.min(MOST_ALIKE, Math.max(0, autocorrelation));
  return (1 + alike) / (1 - alike);
}

/** As `inflationOf`, of values in the order in which they were taken. */
export function serialInflation(values: readonly number[]): number {
  return inflationOf(rankAutocorrelation(values));
}
