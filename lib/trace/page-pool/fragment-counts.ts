/**
 * Counts of fragments in traces and here. The page that is being carved has a bias, which is 2^62 - 1 in Linux and
 * 2^30 here; traces write what is near it as `B-n`, n less than the bias.
 */
import { FRAGMENT_BIAS } from '../../page/pool/netmem-table.js';

/** Our count for one of a trace. */
export function fragmentsOf(count: number | string): number {
  return typeof count === 'number' ? count : FRAGMENT_BIAS - Number(count.slice('B-'.length));
}

/** A count of ours as traces write it. */
export function shownFragments(count: number): number | string {
  return count <= FRAGMENT_BIAS / 2 ? count : `B-${FRAGMENT_BIAS - count}`;
}
