/**
 * What keeps the memory of a fragment alive: one of the three parts that a design may differ in.
 * Models: skb_frag_ref and skb_frag_unref (include/linux/skbuff.h):
 * docs/spec/tx-path.md#one-interface-for-three-lifetimes.
 */
import type { FreeDispatch } from '../page/free-dispatch.js';
import type { PageTable } from '../page/page-table.js';
import type { Cpu } from '../smp/cpu.js';
import { MAX_FRAGS, type SkbTable } from './skb.js';

export interface Lifetime {
  /** Acquires page `pfn` for a new fragment of an skb. */
  acquire(pfn: number): void;
  /** Releases all fragments of an skb, when the last reference to its data is dropped. */
  release(cpu: Cpu, skb: number): void;
}

/** One page reference for each fragment. */
export class PageRefs implements Lifetime {
  readonly #pages: PageTable;
  readonly #skbs: SkbTable;
  readonly #dispatch: FreeDispatch;
  /** Of this thread: the pages of the skb that is released. */
  readonly #pfns = new Int32Array(MAX_FRAGS);

  constructor(pages: PageTable, skbs: SkbTable, dispatch: FreeDispatch) {
    this.#pages = pages;
    this.#skbs = skbs;
    this.#dispatch = dispatch;
  }

  acquire(pfn: number): void {
    this.#pages.get(pfn);
  }

  release(cpu: Cpu, skb: number): void {
    const frags = this.#skbs.frags(skb);
    if (frags === 1) {
      this.#dispatch.put(cpu, this.#skbs.fragPfn(skb, 0));
      return;
    }
    for (let frag = 0; frag < frags; frag++) this.#pfns[frag] = this.#skbs.fragPfn(skb, frag);
    this.#dispatch.putMany(cpu, this.#pfns, frags);
  }
}

/** Drops one reference to the data of an skb; the last one releases its fragments (skb_release_data). */
export function releaseData(cpu: Cpu, skb: number, skbs: SkbTable, lifetime: Lifetime): void {
  if (!skbs.putDataref(skb)) return;
  lifetime.release(cpu, skb);
  skbs.recycle(skb);
}
