/**
 * One reference to the owner of its memory for each skb, however many fragments it has. An skb whose payload was copied
 * after all also has a reference to the page of each fragment.
 * Models: skb_zcopy_set, skb_zcopy_clear and the owner references that were proposed:
 * docs/spec/tx-path.md#one-interface-for-three-lifetimes.
 * Owner: each thread has one of its own.
 */
import type { Lifetime } from '../../net/lifetime.js';
import type { SkbTable } from '../../net/skb.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { Cpu } from '../../smp/cpu.js';
import type { ZeroCopySends } from './zero-copy-sends.js';

export class ZeroCopyRefs implements Lifetime {
  readonly #skbs: SkbTable;
  readonly #sends: ZeroCopySends;
  readonly #pages: Lifetime;

  /** `pages`: the lifetime of fragments that were copied. */
  constructor(skbs: SkbTable, sends: ZeroCopySends, pages: Lifetime) {
    this.#skbs = skbs;
    this.#sends = sends;
    this.#pages = pages;
  }

  accepts(_skb: number, _pfn: number): boolean {
    return true;
  }

  /** Of a fragment that is copied. */
  acquire(skb: number, pfrag: PageFrag): void {
    this.#pages.acquire(skb, pfrag);
  }

  share(cpu: Cpu, from: number, to: number): void {
    if (this.holdsPages(from)) this.#pages.share(cpu, from, to);
    this.#copyOwner(from, to);
  }

  split(cpu: Cpu, from: number, to: number, bytes: number, isDivided: boolean): void {
    if (this.holdsPages(from)) this.#pages.split(cpu, from, to, bytes, isDivided);
    this.#copyOwner(from, to);
  }

  release(cpu: Cpu, skb: number): void {
    if (this.holdsPages(skb)) this.#pages.release(cpu, skb);
    const owner = this.#skbs.mark(skb) - 1;
    if (owner >= 0) this.#sends.owners.release(cpu, owner, this.#sends);
  }

  /** True if the fragments of an skb have references to their pages. */
  holdsPages(skb: number): boolean {
    const owner = this.#skbs.mark(skb) - 1;
    return owner < 0 || this.#sends.entries.wasCopied(owner);
  }

  #copyOwner(from: number, to: number): void {
    const mark = this.#skbs.mark(from);
    if (mark === 0) return;
    this.#sends.owners.get(mark - 1);
    this.#skbs.setMark(to, mark);
  }
}
