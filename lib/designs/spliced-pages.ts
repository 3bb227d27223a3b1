/**
 * Memory of Linux itself that is sent where it is, with a reference to the page of each fragment. Objects of a slab,
 * which have none, are copied as a user's bytes are.
 * Models: skb_splice_from_iter and sendpage_ok (net/core/skbuff.c, include/linux/net.h).
 */
import type { Cpu } from '../smp/cpu.js';
import type { CpuTools, DesignParts, DesignTables, ReferenceCount } from './design.js';
import { PageReferences } from './page-references.js';
import { MemoryRanges } from './zero-copy/memory-ranges.js';
import { PageSplicer } from './zero-copy/page-splicer.js';
import { increment, requireCounts } from './zero-copy/reference-counts.js';
import { UserFolios } from './zero-copy/user-folios.js';

export class SplicedPages extends PageReferences {
  readonly #folios: UserFolios;
  readonly #isCounted: boolean;

  constructor(tables: DesignTables) {
    super(tables);
    this.#folios = new UserFolios(tables);
    this.#isCounted = tables.config.lending.lender === 'page-cache';
  }

  override reset(): void {
    if (this.#isCounted) this.#folios.make();
  }

  override partsOf(cpu: Cpu, tools: CpuTools): DesignParts {
    const parts = super.partsOf(cpu, tools);
    if (!this.#isCounted) return parts;
    const { config, skbs, pages } = this.tables;
    const ranges = new MemoryRanges(cpu, skbs, config.userMemory.pageBytes, tools.copies);
    return { ...parts, filler: new PageSplicer(skbs, pages, ranges, config.sockets.traffic === 'datagram') };
  }

  protected override holdsPages(_skb: number): boolean {
    return !this.#isCounted;
  }

  ownerReferences(): ReferenceCount[] {
    if (!this.#isCounted) return [];
    const { skbs, pages } = this.tables;
    const fragments = new Map<number, number>();
    for (let skb = 0; skb < skbs.count; skb++) {
      if (skbs.isFree(skb)) continue;
      for (let frag = 0; frag < skbs.frags(skb); frag++) {
        increment(fragments, pages.headOf(skbs.fragPfn(skb, frag)));
      }
    }
    return this.#folios.heads().map((head) => {
      return { what: `page ${head}`, refs: pages.refs(head), expected: 1 + (fragments.get(head) ?? 0) };
    });
  }

  override close(_cpu: Cpu): void {
    requireCounts(this.ownerReferences());
  }
}
