/**
 * Designs whose users' bytes are copied into pages that are counted by references: ordinary ones, or pages that were
 * carved from the slot pool for the device that a socket transmits to.
 * Models: tcp_sendmsg with skb_page_frag_refill, as Linux has it and as the 2026 patch changes it:
 * docs/spec/tx-path.md#refill-of-a-page-fragment, docs/spec/tx-path.md#refill-with-a-socket.
 */
import { BouncePageMemory, type SharedMemory } from '../dma/shared-memory.js';
import { LearnedSource, OneSource } from '../net/page-choice.js';
import { SkbFiller } from '../net/skb-filler.js';
import { BouncePages } from '../page/bounce-pages.js';
import { PageFrag, ReferencedPages } from '../page/page-frag.js';
import type { PageOwner } from '../page/page-owners.js';
import type { PageSource } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { Block, CpuTools, DesignParts, DesignState, DesignTables } from './design.js';
import { PageRefs } from './pages/page-refs.js';

/** A source of pages that a device reaches, which also frees pages of the bounce type, whichever device they are of. */
export type DevicePages = PageSource & PageOwner;

/** Returns the sources of pages for device 1, 2, ..., for the calling thread. */
export type SourcesOf = (tables: DesignTables) => readonly DevicePages[];

/** Pages that are carved from the slot pool one by one. */
export function slotPoolPages({ devices, bouncePageParts }: DesignTables): readonly BouncePages[] {
  return devices.all.map(({ number }) => new BouncePages(bouncePageParts, number));
}

export class PageReferences implements DesignState {
  /** The tables of the machine. */
  protected readonly tables: DesignTables;
  readonly #sourcesOf: SourcesOf | null;

  /** `sourcesOf`: where sockets that know their device take pages from; null: all pages are ordinary ones. */
  constructor(tables: DesignTables, sourcesOf: SourcesOf | null = null) {
    this.tables = tables;
    this.#sourcesOf = sourcesOf;
  }

  reset(): void {}

  partsOf(cpu: Cpu, { copies, refillTime }: CpuTools): DesignParts {
    const { config, pages, systemPages, skbs, devices, freeing } = this.tables;
    const sources = (this.#sourcesOf ?? slotPoolPages)(this.tables);
    const dispatch = freeing.dispatch(pages, systemPages, sources[0]!);
    const lifetime = new PageRefs(pages, skbs, dispatch);
    const choice =
      this.#sourcesOf !== null && config.sockets.traffic !== 'datagram'
        ? new LearnedSource(cpu, devices.learned, systemPages, sources)
        : new OneSource(systemPages);
    const filler = new SkbFiller(
      cpu,
      skbs,
      lifetime,
      { shared: this.sharedMemory(), choice, fallback: systemPages, refillTime },
      copies,
    );
    const holding = new ReferencedPages(pages, dispatch);
    return { filler, lifetime, pageFrag: () => new PageFrag(holding, config.slotPool.singleBouncePages) };
  }

  sharedMemory(): SharedMemory {
    const { config, pages, devices } = this.tables;
    return BouncePageMemory.of(config.flavour, pages, devices.table);
  }

  blocks(): Block[] {
    const { pages, swiotlb } = this.tables;
    return swiotlb.listed().flatMap((pool) => {
      const blocks: Block[] = [];
      for (let pfn = pool.start / PAGE_SIZE; pfn < pool.end / PAGE_SIZE; pfn++) {
        if (!pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) continue;
        blocks.push({ pfn, order: pages.order(pfn), device: pages.owner(pfn) });
      }
      return blocks;
    });
  }

  /** One for each task that fills a page, and one for each fragment in it. */
  pageReferences(heldPages: ArrayLike<number>): Map<number, number> {
    const { skbs } = this.tables;
    const expected = new Map<number, number>();
    const count = (pfn: number) => expected.set(pfn, (expected.get(pfn) ?? 0) + 1);
    for (let holder = 0; holder < heldPages.length; holder++) {
      if (heldPages[holder] !== NO_PAGE) count(heldPages[holder]!);
    }
    for (let skb = 0; skb < skbs.count; skb++) {
      if (skbs.isFree(skb) || !this.holdsPages(skb)) continue;
      for (let frag = 0; frag < skbs.frags(skb); frag++) count(skbs.fragPfn(skb, frag));
    }
    return expected;
  }

  /** True if each fragment of the skb has a reference to its page. */
  protected holdsPages(_skb: number): boolean {
    return true;
  }

  /** One for each block. */
  deviceReferences(device: number): number {
    return this.blocks().filter((block) => block.device === device).length;
  }

  close(_cpu: Cpu): void {}
}
