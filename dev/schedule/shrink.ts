/**
 * Makes a failing list shorter: leaves out parts, and then smaller parts, as long as the rest still fails (delta
 * debugging, Zeller and Hildebrandt, 2002, in the form that tries complements only).
 */

/**
 * Returns a shorter list that `fails` still accepts, or `items` itself if none was found within `attempts` calls.
 * If the attempts suffice, every single item of the returned list is needed.
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
    // With parts of one item, try again after each success: what was needed before may have become superfluous.
    if (part > 1) part = Math.min(part >> 1, kept.length);
    else if (!removed) break;
  }
  return kept;
}
