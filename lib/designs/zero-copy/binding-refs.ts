/**
 * References to the binding that the memory of an skb belongs to: one for each fragment, as device memory has them
 * today (`faithful`), or one for each skb (`hardened`).
 * Models: skb_frag_ref of a net_iov, net_devmem_get_net_iov (include/net/netmem.h, net/core/devmem.c):
 * docs/spec/tx-path.md#what-the-list-asks-of-owners.
 * Owner: each thread has one of its own.
 */
import type { Lifetime } from '../../net/lifetime.js';
import type { SkbTable } from '../../net/skb.js';
import type { BindingTable } from '../../owner/bindings.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { Cpu } from '../../smp/cpu.js';

export class BindingRefs implements Lifetime {
  readonly #skbs: SkbTable;
  readonly #bindings: BindingTable;
  readonly #isPerFragment: boolean;

  constructor(skbs: SkbTable, bindings: BindingTable, isPerFragment: boolean) {
    this.#skbs = skbs;
    this.#bindings = bindings;
    this.#isPerFragment = isPerFragment;
  }

  accepts(_skb: number, _pfn: number): boolean {
    return true;
  }

  /** Nothing is copied into pages. */
  acquire(_skb: number, _pfrag: PageFrag): void {}

  /** Takes references for fragments from `first` on, which were hung on the skb; `binding` is what they lie in. */
  take(skb: number, binding: number, first: number): void {
    if (this.#skbs.mark(skb) === 0) {
      this.#skbs.setMark(skb, binding + 1);
      if (!this.#isPerFragment) this.#bindings.get(binding);
    }
    if (this.#isPerFragment) this.#getEach(binding, this.#skbs.frags(skb) - first);
  }

  share(_cpu: Cpu, from: number, to: number): void {
    if (this.#skbs.mark(from) !== 0) this.take(to, this.#skbs.mark(from) - 1, 0);
  }

  split(_cpu: Cpu, from: number, to: number, _bytes: number, isDivided: boolean): void {
    const mark = this.#skbs.mark(from);
    if (mark === 0) return;
    this.#skbs.setMark(to, mark);
    if (!this.#isPerFragment || isDivided) this.#bindings.get(mark - 1);
  }

  release(_cpu: Cpu, skb: number): void {
    const mark = this.#skbs.mark(skb);
    if (mark === 0) return;
    const references = this.#isPerFragment ? this.#skbs.frags(skb) : 1;
    for (let reference = 0; reference < references; reference++) this.#bindings.put(mark - 1);
  }

  #getEach(binding: number, fragments: number): void {
    for (let fragment = 0; fragment < fragments; fragment++) this.#bindings.get(binding);
  }
}
