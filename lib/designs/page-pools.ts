/**
 * The design whose pages are recycled by page pools over bounce memory, one for each CPU and device.
 * Models: page_pool for transmit: docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool. Senders take a block of their
 * CPU's page pool for the device that their socket has learned; the block stays mapped, and comes back by itself when
 * the last piece of it is released. When there is none, they take ordinary pages, which go into skbs of their own.
 * Its authors posted no code. `faithful` is what Linux's page_pool would do by default: a cache of 128 and a ring of
 * 1024 blocks that nothing takes back. `hardened` keeps the stock within the slot pool, and gives it back when a
 * mapping finds no slots: docs/spec/tx-path.md#exhaustion-and-hoarding.
 * Threads: each has its own over the same arena.
 */
import type { SharedMemory } from '../dma/shared-memory.js';
import { CopytaxError } from '../errors.js';
import { LearnedSource, OneSource } from '../net/page-choice.js';
import { SkbFiller } from '../net/skb-filler.js';
import { BouncePages } from '../page/bounce-pages.js';
import { PageFrag } from '../page/page-frag.js';
import { FRAG_ORDER, type PageSource } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import type { PagePoolSurroundings } from '../page/pool/memory-provider.js';
import { FRAGMENT_BIAS, NetmemTable, NO_PAGE_POOL } from '../page/pool/netmem-table.js';
import { PagePool } from '../page/pool/page-pool.js';
import { PAGE_POOL_DEFAULTS, PAGE_POOL_FLAG, type PagePoolParameters } from '../page/pool/page-pool-parameters.js';
import { ORDINARY, SlotPages, SlotProvider } from '../page/pool/slot-provider.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { DIRECTION } from '../swiotlb/dma-attributes.js';
import { PAGE_SIZE } from '../units.js';
import type { Block, CpuTools, DesignParts, DesignState, DesignTables, ReferenceCount } from './design.js';
import { PagePoolMemory } from './pages/page-pool-memory.js';
import { stockOf } from './pages/page-pool-stock.js';
import { PooledPages, type PooledParts, PoolRefs, putPlain, recycles } from './pages/pool-refs.js';

const TICKS_PER_SECOND = 1000;
/** CPUs besides those that send: of a device that reads, and of work in the background. */
const OTHER_CPUS = 2;

export class PagePools implements DesignState {
  readonly netmem: NetmemTable;
  /** By number: those of device 1 of each CPU, then those of device 2, and so on. */
  readonly all: readonly PagePool[];
  /** What page pools that were ended have said of pages that stay out. Of this thread. */
  readonly stalls: { readonly inFlight: number; readonly seconds: number }[] = [];
  readonly #tables: DesignTables;
  readonly #slotPages: SlotPages;
  readonly #providers: readonly SlotProvider[];

  constructor(arena: Arena, tables: DesignTables) {
    const { config, pages, devices, bouncePageParts } = tables;
    this.#tables = tables;
    this.netmem = new NetmemTable(arena, pages.pages);
    const slotPages = new SlotPages(arena, pages.pages);
    this.#slotPages = slotPages;
    this.#providers = devices.all.map(({ number }) => new SlotProvider(bouncePageParts, slotPages, number));
    const parameters = this.#parametersOf(devices.all.length, pages.pages);
    this.all = devices.all.flatMap(({ number }) =>
      Array.from({ length: config.cpus.count }, (_, cpu) => {
        const parts = {
          netmem: this.netmem,
          provider: this.#providers[number - 1]!,
          surroundings: this.#surroundingsOf(number),
          cpus: config.cpus.count + OTHER_CPUS,
        };
        return new PagePool(arena, this.#numberOf(number, cpu), { ...parameters, cpu }, parts);
      }),
    );
  }

  /** Each page pool holds one reference to its device, however many blocks it has. */
  reset(): void {
    const { devices } = this.#tables;
    this.netmem.reset();
    this.#slotPages.reset();
    for (const pagePool of this.all) pagePool.reset();
    for (const { number } of devices.all) for (const _ of this.#ofDevice(number)) devices.table.get(number);
  }

  partsOf(cpu: Cpu, { copies, refillTime }: CpuTools): DesignParts {
    const { config, systemPages, skbs, devices } = this.#tables;
    const parts = this.#parts();
    const lifetime = new PoolRefs(parts, skbs);
    const sources = devices.all.map(({ number }) => this.#sourceOf(number));
    const choice =
      config.sockets.traffic === 'datagram'
        ? new OneSource(systemPages)
        : new LearnedSource(cpu, devices.learned, systemPages, sources);
    const pages = { shared: this.sharedMemory(), choice, fallback: systemPages, refillTime };
    const filler = new SkbFiller(cpu, skbs, lifetime, pages, copies);
    return { filler, lifetime, pageFrag: () => new PageFrag(new PooledPages(parts)) };
  }

  sharedMemory(): SharedMemory {
    const { config, pages } = this.#tables;
    return new PagePoolMemory({
      pages,
      netmem: this.netmem,
      slotPages: this.#slotPages,
      pagePools: this.all,
      cpus: config.cpus.count,
      isHardened: config.flavour === 'hardened',
    });
  }

  blocks(): Block[] {
    const { pages } = this.#tables;
    const blocks = this.#slotPoolPages().filter((pfn) => this.#slotPages.deviceOf(pfn) !== ORDINARY);
    return blocks.map((pfn) => ({ pfn, order: pages.order(pfn), device: this.#slotPages.deviceOf(pfn) }));
  }

  #slotPoolPages(): number[] {
    return this.#tables.swiotlb.listed().flatMap(({ start, end }) => {
      return Array.from({ length: (end - start) / PAGE_SIZE }, (_, at) => start / PAGE_SIZE + at);
    });
  }

  /** One for each page of a page pool; of other pages, one for each task that fills it and each fragment in it. */
  pageReferences(heldPages: ArrayLike<number>): Map<number, number> {
    const { skbs } = this.#tables;
    const expected = new Map<number, number>();
    const isPooled = (pfn: number) => this.netmem.poolOf(pfn) !== NO_PAGE_POOL;
    for (const { pfn } of this.blocks()) if (isPooled(pfn)) expected.set(pfn, 1);
    const count = (pfn: number) => {
      if (!isPooled(pfn)) expected.set(pfn, (expected.get(pfn) ?? 0) + 1);
    };
    for (let holder = 0; holder < heldPages.length; holder++) {
      if (heldPages[holder] !== NO_PAGE) count(heldPages[holder]!);
    }
    for (let skb = 0; skb < skbs.count; skb++) {
      if (skbs.isFree(skb)) continue;
      for (let frag = 0; frag < skbs.frags(skb); frag++) count(skbs.fragPfn(skb, frag));
    }
    return expected;
  }

  /** Pieces of pages that no task fills, fragments of another kind than the mark of their skb, and stray marks. */
  ownerReferences(): ReferenceCount[] {
    const { skbs } = this.#tables;
    const pieces = new Map<number, number>();
    let mixed = 0;
    for (let skb = 0; skb < skbs.count; skb++) {
      for (let frag = 0; !skbs.isFree(skb) && frag < skbs.frags(skb); frag++) {
        const pfn = skbs.fragPfn(skb, frag);
        pieces.set(pfn, (pieces.get(pfn) ?? 0) + 1);
        if ((this.netmem.poolOf(pfn) !== NO_PAGE_POOL) !== recycles(skbs, skb)) mixed++;
      }
    }
    const blocks = this.blocks();
    const marked = this.#slotPoolPages().filter((pfn) => this.netmem.poolOf(pfn) !== NO_PAGE_POOL).length;
    const kept = blocks.filter(({ pfn }) => this.netmem.poolOf(pfn) !== NO_PAGE_POOL).length;
    const counts = [
      { what: 'the other kind of pages in skbs', refs: mixed, expected: 0 },
      { what: 'page pools by pages', refs: marked, expected: kept },
    ];
    for (const { pfn } of blocks) {
      const refs = this.netmem.fragments(pfn);
      if (this.netmem.poolOf(pfn) === NO_PAGE_POOL || refs > FRAGMENT_BIAS / 2) continue;
      counts.push({ what: `the pieces of page ${pfn}`, refs, expected: pieces.get(pfn) ?? 1 });
    }
    return counts;
  }

  /** One for each page pool, until it is destroyed and none of its pages is out. */
  deviceReferences(device: number): number {
    return this.#ofDevice(device).filter(({ isDestroyed, held }) => !isDestroyed || held.inFlight > 0).length;
  }

  /** Drops a reference that was taken to a page as to any other page. */
  dropReference(cpu: Cpu, pfn: number): void {
    putPlain(cpu, pfn, this.#parts());
  }

  close(cpu: Cpu): void {
    for (const pagePool of this.all) if (!pagePool.isDestroyed) pagePool.destroy(cpu);
    const left = this.all.filter(({ held }) => held.inFlight !== 0);
    if (left.length === 0) return;
    const [{ number, held }] = left as [PagePool];
    const message = `${left.length} page pools are left; page pool ${number} has ${held.inFlight} pages in flight`;
    throw new CopytaxError('ERR_UNBALANCED', message, { pagePools: left.map((one) => one.number) });
  }

  #parametersOf(devices: number, pages: number): PagePoolParameters {
    const { flavour, cpus, slotPool, pagePool } = this.#tables.config;
    return {
      ...PAGE_POOL_DEFAULTS,
      ...stockOf(pagePool, flavour, Math.floor(slotPool.bytes / (cpus.count * devices))),
      order: FRAG_ORDER,
      flags: PAGE_POOL_FLAG.map,
      direction: DIRECTION.toDevice,
      mappings: pages >> FRAG_ORDER,
      isForTransmit: true,
    };
  }

  #numberOf(device: number, cpu: number): number {
    return (device - 1) * this.#tables.config.cpus.count + cpu;
  }

  #ofDevice(device: number): readonly PagePool[] {
    return this.all.slice(this.#numberOf(device, 0), this.#numberOf(device + 1, 0));
  }

  /** The blocks of the page pool of the CPU that asks. */
  #sourceOf(device: number): PageSource {
    return {
      alloc: (cpu, order) =>
        order === FRAG_ORDER ? this.all[this.#numberOf(device, cpu.id)]!.cycle.alloc(cpu) : NO_PAGE,
      free: (cpu, pfn) => this.#providers[device - 1]!.put(cpu, pfn),
    };
  }

  #parts(): PooledParts {
    const { config, pages, systemPages, freeing, bouncePageParts } = this.#tables;
    const dispatch = freeing.dispatch(pages, systemPages, new BouncePages(bouncePageParts, 1));
    return {
      pages,
      netmem: this.netmem,
      pagePools: this.all,
      cpus: config.cpus.count,
      providers: this.#providers,
      slotPages: this.#slotPages,
      dispatch,
    };
  }

  #surroundingsOf(device: number): PagePoolSurroundings {
    const nothing = () => {};
    return {
      hz: TICKS_PER_SECOND,
      now: ({ ticks }) => ticks,
      nodeOf: () => 0,
      cpuOfPoll: () => -1,
      synchronize: nothing,
      detached: nothing,
      retryIn: nothing,
      disconnect: nothing,
      gone: () => this.#tables.devices.table.put(device),
      stalled: (inFlight, seconds) => {
        this.stalls.push({ inFlight, seconds });
      },
      violated: nothing,
      warn: nothing,
    };
  }
}
