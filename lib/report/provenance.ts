/** What took a result, in words. Pure. */
import type { Environment } from '../bench/host/environment.js';

/** Returns ` (0123abcde, changed)`: the commit, and whether files differed from it. Empty without a commit. */
export function commitOf({ commit, changed }: Environment): string {
  if (commit === null) return '';
  return ` (${commit.slice(0, 9)}${changed === true ? ', changed' : ''})`;
}

/**
 * Returns what measured, in a sentence: the runtime, and the addon as it says of itself, with its version if that is
 * not the one of the package. Null for files from before the addon said so.
 */
export function programLine({ addon, node, version }: Environment): string | null {
  if (addon === null) return null;
  const older = addon.version === version ? '' : ` of copytax ${addon.version}`;
  const libc = addon.libc === null ? '' : `, ${addon.libc}`;
  return `Node ${node}${libc}; addon${older} compiled by ${addon.compiler}: ${addon.flags}`;
}
