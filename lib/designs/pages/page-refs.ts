/**
 * One page reference for each fragment.
 * Models: __skb_frag_ref and __skb_frag_unref (include/linux/skbuff_ref.h):
 * docs/spec/tx-path.md#one-interface-for-three-lifetimes.
 * Owner: each thread has one of its own.
 */
import type { Lifetime } from '../../net/lifetime.js';
import { MAX_FRAGS, type SkbTable } from '../../net/skb.js';
import type { FreeDispatch } from '../../page/free-dispatch.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { PageTable } from '../../page/page-table.js';
import type { Cpu } from '../../smp/cpu.js';

/** A lifetime by reference counts of pages: each fragment holds one. Owner: the thread of its CPU. */
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

  accepts(_skb: number, _pfn: number): boolean {
    return true;
  }

  acquire(_skb: number, pfrag: PageFrag): void {
    this.#pages.get(pfrag.pfn);
  }

  share(_cpu: Cpu, from: number, _to: number): void {
    const frags = this.#skbs.frags(from);
    for (let frag = 0; frag < frags; frag++) this.#pages.get(this.#skbs.fragPfn(from, frag));
  }

  split(_cpu: Cpu, _from: number, to: number, _bytes: number, isDivided: boolean): void {
    if (isDivided) this.#pages.get(this.#skbs.fragPfn(to, 0));
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
