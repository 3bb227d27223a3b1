/**
 * Memory of Linux itself (here that in which the messages of senders lie) that is sent where it is, on a host that
 * bounces. The copy under the TX lock remains.
 * Models: sendfile and MSG_SPLICE_PAGES as was proposed: an owner with a destructor for each call, so that memory
 * without a reference count is sent, too: docs/spec/tx-path.md#what-the-list-asks-of-owners,
 * docs/spec/tx-path.md#the-owner-object. As Linux has them, they are in `spliced-pages.ts`.
 */
import { type Lender, PageCache, SlabObjects } from '../owner/kernel-buffers.js';
import { TX_BUF_TYPE, TxBufTable } from '../owner/tx-buf.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { CpuTools, DesignParts, DesignState, DesignTables, ReferenceCount } from './design.js';
import { zeroCopyParts } from './msg-zerocopy.js';
import { PageReferences } from './page-references.js';
import { SplicedPages } from './spliced-pages.js';
import { increment, liveOwners, ownerReferences, requireCounts } from './zero-copy/reference-counts.js';
import { UserFolios } from './zero-copy/user-folios.js';
import { type Tenure, ZeroCopySends } from './zero-copy/zero-copy-sends.js';

/** Objects of a slab in one page of it, or in one larger folio. */
const OBJECTS_PER_PAGE = 4;

/** Returns the state of a machine in its flavour. */
export function spliceState(arena: Arena, tables: DesignTables): DesignState {
  return tables.config.flavour === 'faithful' ? new SplicedPages(tables) : new Splice(arena, tables);
}

export class Splice extends PageReferences {
  readonly #folios: UserFolios;
  /** What is sent: objects of a slab, or pages of the page cache. */
  readonly lender: Lender;
  readonly #slab: SlabObjects | null;
  readonly #owners: TxBufTable;
  readonly sends: ZeroCopySends;

  constructor(arena: Arena, tables: DesignTables) {
    super(tables);
    const { config, pages, sockets } = tables;
    const { pageBytes } = config.userMemory;
    this.#folios = new UserFolios(tables);
    const { firstPfn, pages: count } = this.#folios;
    const area = { firstPfn, pages: count, objectBytes: pageBytes / OBJECTS_PER_PAGE };
    this.#slab = config.lending.lender === 'slab' ? new SlabObjects(arena, pages, area) : null;
    this.#owners = new TxBufTable(arena, config.sockets.senders, sockets.limits.skbsPerSocket);
    this.lender = this.#slab ?? new PageCache(pages);
    this.sends = new ZeroCopySends({ owners: this.#owners, tenure: lent(this.lender), completions: null });
  }

  override reset(): void {
    this.#owners.reset();
    if (this.#slab === null) this.#folios.make();
    this.#slab?.reset();
    this.#slab?.allocAll();
  }

  override partsOf(cpu: Cpu, tools: CpuTools): DesignParts {
    return zeroCopyParts(cpu, this.tables, this.sends, tools, super.partsOf(cpu, tools));
  }

  protected override holdsPages(_skb: number): boolean {
    return false;
  }

  ownerReferences(): ReferenceCount[] {
    const { entries } = this.sends;
    const slab = this.#slab;
    const lent = new Map<number, number>();
    for (const id of liveOwners(this.sends)) {
      for (let entry = 0; entry < entries.count(id); entry++) {
        const [phys, bytes] = [entries.address(id, entry), entries.bytes(id, entry)];
        if (slab === null) this.#folios.countPages(lent, phys, bytes);
        else for (const object of slab.within(phys, bytes)) increment(lent, object);
      }
    }
    const all = slab === null ? this.#folios.heads() : slab.within(this.#folios.firstPfn * PAGE_SIZE, this.#bytes);
    return [
      ...ownerReferences(this.tables.skbs, this.sends),
      ...all.map((at) => {
        const refs = slab === null ? this.tables.pages.refs(at) : slab.users(at);
        return { what: slab === null ? `page ${at}` : `object ${at}`, refs, expected: 1 + (lent.get(at) ?? 0) };
      }),
    ];
  }

  override close(_cpu: Cpu): void {
    requireCounts([{ what: 'calls that are live', refs: liveOwners(this.sends).length, expected: 0 }]);
    requireCounts(this.ownerReferences());
  }

  get #bytes(): number {
    return this.#folios.pages * PAGE_SIZE;
  }
}

function lent(lender: Lender): Tenure {
  return {
    type: TX_BUF_TYPE.zcopyKernel,
    take: (_socket, phys, bytes) => {
      lender.lend(phys, bytes);
      return true;
    },
    grow: (_socket, phys, bytes, end) => {
      lender.lendMore(phys, bytes, end);
      return true;
    },
    giveBack: (cpu, _socket, phys, bytes) => lender.giveBack(cpu, phys, bytes),
  };
}
