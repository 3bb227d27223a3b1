/**
 * Chances of several tests at once, corrected so that the chance of even one false alarm among them stays below the
 * level: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
 * 1979. Pure.
 */

/** Returns the corrected chances in the order of the given ones, which are in [0, 1]. */
export function holm(chances: readonly number[]): number[] {
  const order = [...chances.keys()].sort((a, b) => chances[a]! - chances[b]!);
  const corrected = new Array<number>(chances.length);
  let least = 0;
  for (const [before, at] of order.entries()) {
    least = Math.max(least, Math.min(1, chances[at]! * (chances.length - before)));
    corrected[at] = least;
  }
  return corrected;
}
