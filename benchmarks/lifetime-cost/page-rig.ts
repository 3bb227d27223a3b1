/** Payload in ordinary pages whose references are counted, or, for comparison, are not. */
import { PageRefs } from '../../lib/designs/pages/page-refs.js';
import { CopytaxError } from '../../lib/errors.js';
import type { System } from '../../lib/machine/build/system.js';
import type { Lifetime } from '../../lib/net/lifetime.js';
import { MAX_FRAGS, type SkbTable } from '../../lib/net/skb.js';
import { BouncePages } from '../../lib/page/bounce-pages.js';
import type { FreeDispatch } from '../../lib/page/free-dispatch.js';
import { PageFrag, ReferencedPages } from '../../lib/page/page-frag.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { BLOCK_ORDER, fragmentBytes, GROUP, type LifetimeRig, PAYLOAD_BYTES } from './lifetime-rig.js';

/** Fragments that hold nothing. */
class NoLifetime implements Lifetime {
  accepts(): boolean {
    return true;
  }

  acquire(): void {}

  share(): void {}

  split(): void {}

  release(): void {}
}

export class PageRig implements LifetimeRig {
  readonly skbs: SkbTable;
  readonly lifetime: Lifetime;
  /** Those of the first payload of the group, then those of the second, and so on. */
  protected readonly pfns = new Int32Array(GROUP * MAX_FRAGS);
  readonly #system: System;
  readonly #pfrag: PageFrag;

  constructor(system: System, lifetime: Lifetime, pfrag: PageFrag) {
    this.#system = system;
    this.#pfrag = pfrag;
    this.skbs = system.skbs;
    this.lifetime = lifetime;
  }

  /** Pages without references, for comparison, or with one for each fragment. */
  static of(system: System, isCounted: boolean): PageRig {
    const { pages, skbs } = system;
    const dispatch = dispatchOf(system);
    const lifetime = isCounted ? new PageRefs(pages, skbs, dispatch) : new NoLifetime();
    return new PageRig(system, lifetime, new PageFrag(new ReferencedPages(pages, dispatch)));
  }

  reset(): void {}

  fill(cpu: Cpu): void {
    for (let at = 0; at < this.pfns.length; at++) this.pfns[at] = ordinaryBlock(this.#system, cpu);
  }

  prepare(_cpu: Cpu, _frags: number): void {}

  hang(skb: number, at: number, frags: number): void {
    const { skbs, lifetime } = this;
    const pfrag = this.#pfrag;
    const bytes = fragmentBytes(frags);
    const first = at * MAX_FRAGS;
    let left = PAYLOAD_BYTES;
    for (let frag = 0; frag < frags; frag++) {
      const pfn = this.pfns[first + frag]!;
      pfrag.pfn = pfn;
      if (!lifetime.accepts(skb, pfn)) throw refused(skb, pfn);
      lifetime.acquire(skb, pfrag);
      skbs.addFrag(skb, pfn, 0, Math.min(left, bytes));
      left -= bytes;
    }
    skbs.addBytes(skb, PAYLOAD_BYTES);
  }
}

/** Returns the free dispatch of the machine. */
export function dispatchOf({ pages, systemPages, freeing, bouncePageParts }: System): FreeDispatch {
  return freeing.dispatch(pages, systemPages, new BouncePages(bouncePageParts, 1));
}

/** Takes an ordinary block. @throws ERR_SCENARIO when there is none */
export function ordinaryBlock({ systemPages }: System, cpu: Cpu): number {
  const pfn = systemPages.alloc(cpu, BLOCK_ORDER);
  if (pfn === NO_PAGE) throw new CopytaxError('ERR_SCENARIO', `no block of order ${BLOCK_ORDER} for a fragment`);
  return pfn;
}

/** A lifetime does not accept a fragment of the kind of which all fragments are. */
export function refused(skb: number, pfn: number): CopytaxError {
  return new CopytaxError('ERR_SCENARIO', `skb ${skb} does not accept a fragment in page ${pfn}`);
}
