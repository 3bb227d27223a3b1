/**
 * MSG_ZEROCOPY on a host that bounces: the pages of the user are pinned and hung on skbs, and each send call is
 * completed when its memory may be used again. The copy under the TX lock remains.
 * Models: docs/spec/tx-path.md#the-owner-object, docs/spec/tx-path.md#one-interface-for-three-lifetimes. Deviation:
 * Linux takes references to the pages of the user, not pins; both flavours take pins.
 */
import { CompletionTable } from '../owner/completions.js';
import { PIN_BIAS, PinTable } from '../owner/pins.js';
import { TX_BUF_TYPE, TxBufTable } from '../owner/tx-buf.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import type { CpuTools, DesignParts, DesignTables, ReferenceCount } from './design.js';
import { PageReferences } from './page-references.js';
import { MemoryRanges } from './zero-copy/memory-ranges.js';
import { liveOwners, ownerReferences, requireCounts } from './zero-copy/reference-counts.js';
import { UserFolios } from './zero-copy/user-folios.js';
import { ZeroCopyFiller } from './zero-copy/zero-copy-filler.js';
import { ZeroCopyRefs } from './zero-copy/zero-copy-refs.js';
import { type Tenure, ZeroCopySends } from './zero-copy/zero-copy-sends.js';

export class MsgZeroCopy extends PageReferences {
  readonly #folios: UserFolios;
  readonly #owners: TxBufTable;
  readonly pins: PinTable;
  readonly completions: CompletionTable;
  readonly sends: ZeroCopySends;

  constructor(arena: Arena, tables: DesignTables) {
    super(tables);
    const { config, pages, sockets } = tables;
    const { senders } = config.sockets;
    const { skbsPerSocket } = sockets.limits;
    this.#folios = new UserFolios(tables);
    const { firstPfn, pages: count } = this.#folios;
    const bytesPerSocket = config.pins.limitBytes;
    this.#owners = new TxBufTable(arena, senders, skbsPerSocket);
    this.pins = new PinTable(arena, pages, { firstPfn, pages: count, sockets: senders, bytesPerSocket });
    // As many owners may be live as skbs, and as many notifications may wait besides.
    this.completions = new CompletionTable(arena, senders, 2 * skbsPerSocket);
    const parts = { owners: this.#owners, tenure: pinned(this.pins), completions: this.completions };
    this.sends = new ZeroCopySends(parts);
  }

  override reset(): void {
    for (const table of [this.#owners, this.pins, this.completions]) table.reset();
    this.#folios.make();
  }

  override partsOf(cpu: Cpu, tools: CpuTools): DesignParts {
    return zeroCopyParts(cpu, this.tables, this.sends, tools, super.partsOf(cpu, tools));
  }

  protected override holdsPages(skb: number): boolean {
    const owner = this.tables.skbs.mark(skb) - 1;
    return owner < 0 || this.sends.entries.wasCopied(owner);
  }

  ownerReferences(): ReferenceCount[] {
    const { config, pages, skbs } = this.tables;
    const { entries } = this.sends;
    const pinned = new Map<number, number>();
    const sends = new Int32Array(config.sockets.senders);
    for (const id of liveOwners(this.sends)) {
      const socket = this.#owners.socket(id);
      sends[socket] = sends[socket]! + this.sends.sends(id);
      for (let entry = 0; entry < entries.count(id); entry++) {
        this.#folios.countPages(pinned, entries.address(id, entry), entries.bytes(id, entry));
      }
    }
    const outstanding = (socket: number) => this.completions.outstanding(socket);
    return [
      ...ownerReferences(skbs, this.sends),
      ...this.#folios.heads().flatMap((head) => {
        const pins = pinned.get(head) ?? 0;
        const references = 1 + pins * (this.#folios.order === 0 ? PIN_BIAS : 1);
        return [
          { what: `page ${head} by pins`, refs: this.pins.pins(head), expected: pins },
          { what: `page ${head}`, refs: pages.refs(head), expected: references },
        ];
      }),
      ...Array.from(sends, (expected, socket) => {
        return { what: `socket ${socket} by sends that are not complete`, refs: outstanding(socket), expected };
      }),
    ];
  }

  override close(cpu: Cpu): void {
    const completions = this.completions;
    requireCounts(this.ownerReferences());
    for (let socket = 0; socket < completions.sockets; socket++) {
      while (completions.take(cpu, socket));
      requireCounts([
        { what: `pages that socket ${socket} has pinned`, refs: this.pins.pinnedPages(socket), expected: 0 },
        { what: `sends of socket ${socket} that it was not told of`, refs: completions.unread(socket), expected: 0 },
        { what: `sends of socket ${socket}, by number`, refs: Number(completions.isToldOfAll(socket)), expected: 1 },
      ]);
    }
    requireCounts([{ what: 'sends that are live', refs: liveOwners(this.sends).length, expected: 0 }]);
  }
}

function pinned(pins: PinTable): Tenure {
  return {
    type: TX_BUF_TYPE.zcopyUser,
    take: (socket, phys, bytes) => pins.pin(socket, phys, bytes),
    grow: (socket, phys, bytes, end) => pins.extend(socket, phys, bytes, end),
    giveBack: (cpu, socket, phys, bytes) => pins.unpin(cpu, socket, phys, bytes),
  };
}

/** Returns the parts of a CPU whose sends go into owners of `sends`, and otherwise into the pages of `copying`. */
export function zeroCopyParts(
  cpu: Cpu,
  { config, skbs, sockets }: DesignTables,
  sends: ZeroCopySends,
  { copies, refillTime }: CpuTools,
  copying: DesignParts,
): DesignParts {
  const filler = new ZeroCopyFiller(cpu, {
    skbs,
    sockets,
    sends,
    ranges: new MemoryRanges(cpu, skbs, config.userMemory.pageBytes, copies),
    copying: copying.filler,
    takeTime: refillTime,
    isDatagram: config.sockets.traffic === 'datagram',
  });
  return { ...copying, filler, lifetime: new ZeroCopyRefs(skbs, sends, copying.lifetime) };
}
