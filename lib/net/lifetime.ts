/**
 * What keeps the memory of fragments alive: one of the parts that a design may differ in.
 * Models: skb_frag_ref, skb_frag_unref and skb_release_data (include/linux/skbuff.h, net/core/skbuff.c):
 * docs/spec/tx-path.md#one-interface-for-three-lifetimes.
 * Owner: each thread has one of its own over the same tables.
 */
import type { PageFrag } from '../page/page-frag.js';
import type { Cpu } from '../smp/cpu.js';
import type { SkbTable } from './skb.js';

/** What keeps the memory of fragments alive. */
export interface Lifetime {
  /**
   * True if a fragment in page `pfn` may be hung on the skb. If not, the filler seals the skb and returns what it has
   * added, and a stream goes on with another skb. A datagram has no other: where this is false, it is not sent.
   */
  accepts(skb: number, pfn: number): boolean;
  /** Acquires what the task's current page is for a new fragment of an skb. */
  acquire(skb: number, pfrag: PageFrag): void;
  /**
   * Acquires the fragments of skb `from` once more, for skb `to`, whose array of fragments is a copy of them. A clone
   * that shares the array needs nothing: `dataref` counts it.
   */
  share(cpu: Cpu, from: number, to: number): void;
  /**
   * Acquires what skb `to` needs, to which `splitData` has just moved the fragments of skb `from` beyond `bytes` of its
   * payload. `isDivided`: both have a part of the first fragment of `to`.
   */
  split(cpu: Cpu, from: number, to: number, bytes: number, isDivided: boolean): void;
  /** Releases all fragments of an skb, when the last reference to its data is dropped. Any CPU. */
  release(cpu: Cpu, skb: number): void;
  /** Is told that skbs of a stream were acknowledged and released. Under the socket lock. */
  acknowledged?(cpu: Cpu, socket: number): void;
}

/** Drops one reference to the data of an skb; the last one releases its fragments (skb_release_data). */
export function releaseData(cpu: Cpu, skb: number, skbs: SkbTable, lifetime: Lifetime): void {
  if (!skbs.putDataref(skb)) return;
  lifetime.release(cpu, skb);
  skbs.recycle(skb);
}

/**
 * Moves the payload of skb `from` beyond `bytes` to the empty skb `to`, where a fragment is divided if need be
 * (skb_split). Only the owner of both.
 */
export function splitData(cpu: Cpu, from: number, to: number, bytes: number, skbs: SkbTable, lifetime: Lifetime): void {
  const isDivided = moveFrags(skbs, from, to, bytes);
  lifetime.split(cpu, from, to, bytes, isDivided);
}

/** Hangs the fragments of skb `from` on the empty skb `to` as well (a clone with an array of its own). */
export function shareData(cpu: Cpu, from: number, to: number, skbs: SkbTable, lifetime: Lifetime): void {
  copyFrags(skbs, from, to);
  lifetime.share(cpu, from, to);
}

/** Copies the array of fragments of skb `from` to the empty skb `to`, with their bytes. */
export function copyFrags(skbs: SkbTable, from: number, to: number): void {
  const frags = skbs.frags(from);
  for (let frag = 0; frag < frags; frag++) {
    skbs.addFrag(to, skbs.fragPfn(from, frag), skbs.fragOffset(from, frag), skbs.fragBytes(from, frag));
  }
  skbs.addBytes(to, skbs.bytes(from));
}

/**
 * Moves the fragments of skb `from` beyond `bytes` of its payload to the empty skb `to`.
 * @returns true if one fragment was divided, of which both have a part now
 */
export function moveFrags(skbs: SkbTable, from: number, to: number, bytes: number): boolean {
  const frags = skbs.frags(from);
  let kept = 0;
  let before = 0;
  while (kept < frags && before + skbs.fragBytes(from, kept) <= bytes) before += skbs.fragBytes(from, kept++);
  const rest = bytes - before; // of the fragment that is divided
  for (let frag = kept; frag < frags; frag++) {
    const skipped = frag === kept ? rest : 0;
    const offset = skbs.fragOffset(from, frag) + skipped;
    skbs.addFrag(to, skbs.fragPfn(from, frag), offset, skbs.fragBytes(from, frag) - skipped);
  }
  const isDivided = kept < frags && rest > 0;
  const lastBytes = isDivided ? rest : kept > 0 ? skbs.fragBytes(from, kept - 1) : 0;
  skbs.addBytes(to, skbs.bytes(from) - bytes);
  skbs.cut(from, isDivided ? kept + 1 : kept, lastBytes, bytes);
  return isDivided;
}
