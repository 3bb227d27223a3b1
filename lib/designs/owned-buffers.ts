/**
 * The design whose payload belongs to owner objects: blocks of bounce memory while there are any, else ordinary pages,
 * with one reference count for many fragments.
 * Models: net_txbuf with swiotlb behind it: docs/spec/tx-path.md#one-interface-for-three-lifetimes. Datagrams are
 * copied into ordinary pages of owners, as in all designs: docs/spec/tx-path.md#headers-retransmits-and-datagrams.
 * Threads: each has its own over the same arena.
 */
import type { DmaDevice } from '../dma/device.js';
import { NOT_SHARED, SHARED, type SharedMemory, type Sharing } from '../dma/shared-memory.js';
import { CopytaxError } from '../errors.js';
import { MAX_BUFFERS, MAX_SKB_BYTES } from '../model-limits.js';
import { BufferedMemory } from '../owner/buffered-memory.js';
import { Buffers } from '../owner/buffers.js';
import { BLOCK_BYTES, OwnerBlocks } from '../owner/owner-blocks.js';
import { NO_TX_BUF, TxBufTable } from '../owner/tx-buf.js';
import { BouncePages } from '../page/bounce-pages.js';
import type { FreeDispatch } from '../page/free-dispatch.js';
import { PageFrag, ReferencedPages } from '../page/page-frag.js';
import { FRAG_ORDER } from '../page/page-source.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { nextPowerOfTwo, PAGE_SIZE } from '../units.js';
import type { Block, CpuTools, DesignParts, DesignState, DesignTables, ReferenceCount } from './design.js';
import { OwnedStreams } from './owners/owned-streams.js';
import { MIN_ROOM, OWNERS_TO_GIVE_UP, OwnerFiller } from './owners/owner-filler.js';
import { OwnerRefs, ownerOfMark } from './owners/owner-refs.js';

const FULL_PAGE = PAGE_SIZE - MIN_ROOM;
const FULL_BLOCK = BLOCK_BYTES - MIN_ROOM;

export class OwnedBuffers implements DesignState {
  readonly owners: TxBufTable;
  readonly blocksOfOwners: OwnerBlocks;
  readonly #tables: DesignTables;
  readonly buffers: Buffers;
  readonly #streams: OwnedStreams;

  constructor(arena: Arena, tables: DesignTables) {
    const { config, sockets, skbs, bouncePageParts } = tables;
    this.#tables = tables;
    this.owners = new TxBufTable(arena, config.sockets.senders, ownersPerSocket(tables));
    this.buffers = new Buffers(this.owners);
    this.blocksOfOwners = new OwnerBlocks(arena, { ...bouncePageParts, owners: this.owners });
    this.#streams = new OwnedStreams(arena, skbs, sockets);
  }

  reset(): void {
    for (const table of [this.owners, this.blocksOfOwners, this.#streams]) table.reset();
  }

  partsOf(cpu: Cpu, { copies, refillTime }: CpuTools): DesignParts {
    const { config, pages, skbs, devices } = this.#tables;
    const { owners, blocksOfOwners: blocks } = this;
    const { buffers } = this;
    const streams = this.#streams;
    const dispatch = this.#dispatch();
    const memory = this.memory();
    const freesEarly = config.flavour === 'hardened' && config.owners.freesEarly;
    const lifetime = new OwnerRefs({ skbs, owners, buffers, streams, memory, freesEarly });
    const learned = config.sockets.traffic === 'datagram' ? null : devices.learned;
    const buffersPerOwner = config.owners.buffers;
    const filler = new OwnerFiller(
      cpu,
      { skbs, lifetime, owners, buffers, blocks, memory, streams, learned, buffersPerOwner, refillTime },
      copies,
    );
    return { filler, lifetime, pageFrag: () => new PageFrag(new ReferencedPages(pages, dispatch)) };
  }

  sharedMemory(): SharedMemory {
    const blocks = this.blocksOfOwners;
    return {
      sharing: ({ number }: DmaDevice, phys: number, bytes: number): Sharing =>
        blocks.isShared(number, phys, bytes) ? SHARED : NOT_SHARED,
      holds: (dma: number) => blocks.ownerOf(dma) !== NO_TX_BUF,
    };
  }

  /** Returns what frees the memory of owners, for the calling thread. */
  memory(): BufferedMemory {
    const { systemPages: system } = this.#tables;
    return new BufferedMemory({
      buffers: this.buffers,
      blocks: this.blocksOfOwners,
      system,
      dispatch: this.#dispatch(),
    });
  }

  blocks(): Block[] {
    return this.#held().flatMap(({ id, pfn }) =>
      this.blocksOfOwners.ownerOf(pfn * PAGE_SIZE) === NO_TX_BUF
        ? []
        : [{ pfn, order: FRAG_ORDER, device: this.owners.device(id) }],
    );
  }

  /** One for each ordinary page of an owner. Skbs hold owners, and tasks hold nothing. */
  pageReferences(_heldPages: ArrayLike<number>): Map<number, number> {
    const ordinary = this.#held().filter(({ pfn }) => this.blocksOfOwners.ownerOf(pfn * PAGE_SIZE) === NO_TX_BUF);
    return new Map(ordinary.map(({ pfn }) => [pfn, 1]));
  }

  ownerReferences(): ReferenceCount[] {
    const { skbs } = this.#tables;
    const expected = new Map<number, number>();
    const count = (id: number) => expected.set(id, (expected.get(id) ?? 0) + 1);
    for (let skb = 0; skb < skbs.count; skb++) if (!skbs.isFree(skb)) count(ownerOfMark(skbs.mark(skb)));
    for (let socket = 0; socket < this.owners.sockets; socket++) count(this.#streams.tail(socket));
    for (const id of this.#live()) count(this.owners.next(id));
    expected.delete(NO_TX_BUF);
    const ids = new Set([...expected.keys(), ...this.#live()]);
    return [...ids].map((id) => ({ what: `owner ${id}`, refs: this.owners.refs(id), expected: expected.get(id) ?? 0 }));
  }

  /** One for each owner that has had a block. */
  deviceReferences(device: number): number {
    return this.#live().filter((id) => this.owners.device(id) === device).length;
  }

  close(cpu: Cpu): void {
    const memory = this.memory();
    for (let socket = 0; socket < this.owners.sockets; socket++) {
      const tail = this.#streams.takeTail(socket);
      if (tail !== NO_TX_BUF) this.owners.release(cpu, tail, memory);
    }
    const left = this.#live();
    if (left.length === 0) return;
    const [id] = left as [number];
    const message = `${left.length} owners are left; owner ${id} has ${this.owners.refs(id)} references`;
    throw new CopytaxError('ERR_UNBALANCED', message, { owners: left });
  }

  #dispatch(): FreeDispatch {
    const { pages, systemPages, freeing, bouncePageParts } = this.#tables;
    return freeing.dispatch(pages, systemPages, new BouncePages(bouncePageParts, 1));
  }

  #live(): number[] {
    const { owners } = this;
    return Array.from({ length: owners.sockets * owners.perSocket }, (_, id) => id).filter((id) => owners.isLive(id));
  }

  /** The buffers that owners hold. */
  #held(): { id: number; pfn: number }[] {
    const buffers = this.buffers;
    return this.#live().flatMap((id) => {
      const held: { id: number; pfn: number }[] = [];
      for (let at = buffers.first(id); at < buffers.count(id); at++) held.push({ id, pfn: buffers.pfn(id, at) });
      return held;
    });
  }
}

/**
 * Owners that hold a full send buffer and the skb that filled it, however small the pieces that memory is in: an owner
 * that is full has buffers of 32 KiB, or sixteen pages of which a few bytes at each end are not used; and some that are
 * given up before they are full.
 */
function ownersPerSocket({ config, sockets, skbs }: DesignTables): number {
  const { sendBufferBytes, skbsPerSocket } = sockets.limits;
  const bytes = Math.min(sendBufferBytes, skbsPerSocket * skbs.maxBytes) + MAX_SKB_BYTES;
  const full = Math.ceil(bytes / Math.min(config.owners.buffers * FULL_BLOCK, MAX_BUFFERS * FULL_PAGE)) + 1;
  return nextPowerOfTwo(full + OWNERS_TO_GIVE_UP);
}
