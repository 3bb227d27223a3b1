/**
 * Makes a failing list smaller: leaves out parts, and then smaller parts, as long as it still fails (delta debugging,
 * Zeller and Hildebrandt, 2002, in the form that only ever tries complements).
 */

/**
 * A shorter list that `fails` still accepts; `items` itself when nothing can be left out, or nothing within `attempts`.
 * When the attempts suffice, no single item can be left out of the answer.
 */
export async function shrunk<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  attempts: number,
): Promise<readonly Item[]> {
  let kept = items;
  let left = attempts;
  let part = kept.length;
  while (part > 0 && kept.length > 0) {
    let removed = false;
    for (let from = kept.length - part; left > 0 && from > -part; from -= part) {
      const without = [...kept.slice(0, Math.max(0, from)), ...kept.slice(from + part)];
      left--;
      if (!(await fails(without))) continue;
      kept = without;
      removed = true;
    }
    if (left === 0) break;
    // Once single items are left, what was needed before may have become superfluous.
    if (part > 1) part = Math.min(part >> 1, kept.length);
    else if (!removed) break;
  }
  return kept;
}
