/**
 * One fragment of its page for each fragment of an skb: pages of page pools are counted by pieces, not by references.
 * Models: skb_frag_ref, napi_pp_put_page and the mark "recycle" of an skb (include/linux/skbuff_ref.h, net/core):
 * docs/spec/tx-path.md#page-pool-mechanics, docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool.
 * Code that hangs such a fragment on a second skb has to count a piece more. A plain page reference would keep the
 * bytes as well, but then the page does not go back to its page pool, and nothing fails: `releasedRefcnt` of the page
 * pool is the only trace.
 * Owner: each thread has objects of its own over the same tables.
 */
import type { Lifetime } from '../../net/lifetime.js';
import type { SkbTable } from '../../net/skb.js';
import type { FreeDispatch } from '../../page/free-dispatch.js';
import type { PageFrag, PageHolding } from '../../page/page-frag.js';
import type { PageTable } from '../../page/page-table.js';
import { FRAGMENT_BIAS, type NetmemTable, NO_PAGE_POOL } from '../../page/pool/netmem-table.js';
import { ALL_BYTES } from '../../page/pool/page-cycle.js';
import type { PagePool } from '../../page/pool/page-pool.js';
import { ORDINARY, type SlotPages, type SlotProvider } from '../../page/pool/slot-provider.js';
import type { Cpu } from '../../smp/cpu.js';

/** The mark of an skb whose fragments lie in pages of page pools, each of which goes back to its own. */
const RECYCLES = 1;

/** True if the fragments of the skb lie in pages of page pools. */
export function recycles(skbs: SkbTable, skb: number): boolean {
  return skbs.mark(skb) === RECYCLES;
}

/** What the pages of a machine are counted by. */
export interface PooledParts {
  readonly pages: PageTable;
  readonly netmem: NetmemTable;
  /** By number: those of device 1 of each CPU, then those of device 2, and so on. */
  readonly pagePools: readonly PagePool[];
  readonly cpus: number;
  /** The provider of the page pools of device 1, 2, ... */
  readonly providers: readonly SlotProvider[];
  readonly slotPages: SlotPages;
  /** Frees ordinary pages. */
  readonly dispatch: FreeDispatch;
}

/** Drops a plain reference of a page, wherever it came from. */
export function putPlain(cpu: Cpu, pfn: number, { slotPages, providers, dispatch }: PooledParts): void {
  const device = slotPages.deviceOf(pfn);
  if (device === ORDINARY) dispatch.put(cpu, pfn);
  else providers[device - 1]!.put(cpu, pfn);
}

export class PoolRefs implements Lifetime {
  readonly #parts: PooledParts;
  readonly #skbs: SkbTable;

  constructor(parts: PooledParts, skbs: SkbTable) {
    this.#parts = parts;
    this.#skbs = skbs;
  }

  #isPooled(pfn: number): boolean {
    return this.#parts.netmem.poolOf(pfn) !== NO_PAGE_POOL;
  }

  /** Pages of page pools and others are never mixed in one skb, since the mark is of the skb. */
  accepts(skb: number, pfn: number): boolean {
    return this.#skbs.frags(skb) === 0 || this.#isPooled(pfn) === recycles(this.#skbs, skb);
  }

  acquire(skb: number, pfrag: PageFrag): void {
    if (this.#isPooled(pfrag.pfn)) {
      pfrag.pieces++;
      this.#skbs.setMark(skb, RECYCLES);
    } else {
      this.#parts.pages.get(pfrag.pfn);
    }
  }

  share(_cpu: Cpu, from: number, to: number): void {
    const frags = this.#skbs.frags(from);
    for (let frag = 0; frag < frags; frag++) this.#hold(from, this.#skbs.fragPfn(from, frag));
    this.#skbs.setMark(to, this.#skbs.mark(from));
  }

  split(_cpu: Cpu, from: number, to: number, _bytes: number, isDivided: boolean): void {
    if (isDivided) this.#hold(from, this.#skbs.fragPfn(to, 0));
    this.#skbs.setMark(to, this.#skbs.mark(from));
  }

  /** Holds a page once more, as the skb holds it. */
  #hold(skb: number, pfn: number): void {
    if (recycles(this.#skbs, skb) && this.#isPooled(pfn)) this.#parts.netmem.ref(pfn);
    else this.#parts.pages.get(pfn);
  }

  release(cpu: Cpu, skb: number): void {
    const { netmem, pagePools } = this.#parts;
    const isMarked = recycles(this.#skbs, skb);
    const frags = this.#skbs.frags(skb);
    for (let frag = 0; frag < frags; frag++) {
      const pfn = this.#skbs.fragPfn(skb, frag);
      const pagePool = isMarked ? netmem.poolOf(pfn) : NO_PAGE_POOL;
      if (pagePool === NO_PAGE_POOL) putPlain(cpu, pfn, this.#parts);
      else pagePools[pagePool]!.cycle.put(cpu, pfn, ALL_BYTES, false);
    }
  }
}

/** A page fragment holds the bias of a page of a page pool, and a reference of any other page. */
export class PooledPages implements PageHolding {
  readonly #parts: PooledParts;

  constructor(parts: PooledParts) {
    this.#parts = parts;
  }

  begin(pfn: number): void {
    if (this.#parts.netmem.poolOf(pfn) !== NO_PAGE_POOL) this.#parts.netmem.setFragments(pfn, FRAGMENT_BIAS);
  }

  isSole(pfn: number, pieces: number): boolean {
    const { netmem, pages } = this.#parts;
    if (netmem.poolOf(pfn) !== NO_PAGE_POOL && netmem.fragments(pfn) !== FRAGMENT_BIAS - pieces) return false;
    return pages.isSoleHolder(pfn);
  }

  end(cpu: Cpu, pfn: number, pieces: number): void {
    const { netmem, pagePools, cpus } = this.#parts;
    const number = netmem.poolOf(pfn);
    if (number === NO_PAGE_POOL) putPlain(cpu, pfn, this.#parts);
    else if (netmem.unref(pfn, FRAGMENT_BIAS - pieces) === 0) {
      // Tasks fill pages with softirqs disabled, where the page pools of their CPU are entered.
      pagePools[number]!.cycle.putUnrefed(cpu, pfn, ALL_BYTES, number % cpus === cpu.id);
    }
  }
}
