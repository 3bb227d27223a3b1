/**
 * What owners of memory that was not copied count, against what the skbs of a machine say. For checks.
 */
import { CopytaxError } from '../../errors.js';
import type { SkbTable } from '../../net/skb.js';
import type { ZeroCopySends } from './zero-copy-sends.js';

/** A count of references, and what it should be. */
export interface ReferenceCount {
  /** What the references are to, for messages. */
  readonly what: string;
  /** References that there are. */
  readonly refs: number;
  /** References that there should be. */
  readonly expected: number;
}

/** Returns the references of each owner, against the skbs that have it, and the fragments that none of it covers. */
export function ownerReferences(skbs: SkbTable, sends: ZeroCopySends): ReferenceCount[] {
  const { owners, entries } = sends;
  const count = owners.sockets * owners.perSocket;
  const ofSkbs = new Int32Array(count);
  let uncovered = 0;
  for (let skb = 0; skb < skbs.count; skb++) {
    const owner = skbs.mark(skb) - 1;
    if (skbs.isFree(skb) || owner < 0) continue;
    ofSkbs[owner]!++;
    if (entries.wasCopied(owner)) continue;
    for (let frag = 0; frag < skbs.frags(skb); frag++) {
      if (!covers(sends, owner, skbs.fragAddress(skb, frag), skbs.fragBytes(skb, frag))) uncovered++;
    }
  }
  const counts: ReferenceCount[] = [{ what: 'memory that no owner covers', refs: uncovered, expected: 0 }];
  for (let id = 0; id < count; id++) {
    if (ofSkbs[id] === 0 && !owners.isLive(id)) continue;
    counts.push({ what: `owner ${id}`, refs: owners.refs(id), expected: ofSkbs[id]! });
  }
  return counts;
}

/** Returns the live owners. */
export function liveOwners({ owners }: ZeroCopySends): number[] {
  const all = Array.from({ length: owners.sockets * owners.perSocket }, (_, id) => id);
  return all.filter((id) => owners.isLive(id));
}

/** True if entries of an owner hold a whole range. Calls that follow each other in memory share entries. */
function covers({ entries }: ZeroCopySends, id: number, phys: number, bytes: number): boolean {
  let at = phys;
  for (let moved = true; moved && at < phys + bytes; ) {
    moved = false;
    for (let entry = 0; entry < entries.count(id); entry++) {
      const begin = entries.address(id, entry);
      if (at < begin || at >= begin + entries.bytes(id, entry)) continue;
      at = begin + entries.bytes(id, entry);
      moved = true;
    }
  }
  return at >= phys + bytes;
}

/** Counts one more for a key. */
export function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** @throws ERR_UNBALANCED unless all counts are as they should be */
export function requireCounts(counts: readonly ReferenceCount[]): void {
  for (const { what, refs, expected } of counts) {
    if (refs === expected) continue;
    const message = `references of ${what}: ${refs} instead of ${expected}`;
    throw new CopytaxError('ERR_UNBALANCED', message, { actual: refs, expected });
  }
}
