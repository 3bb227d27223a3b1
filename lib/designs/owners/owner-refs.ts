/**
 * One reference for each skb, on the owner in which its first byte lies.
 * Models: what net_txbuf makes of skb_frag_ref: fragments hold nothing, so a clone or a split costs one reference,
 * however many fragments there are: docs/spec/tx-path.md#the-owner-object.
 * Owner: each thread has one of its own over the same tables.
 */
import type { Lifetime } from '../../net/lifetime.js';
import type { SkbTable } from '../../net/skb.js';
import type { BufferedMemory } from '../../owner/buffered-memory.js';
import type { Buffers } from '../../owner/buffers.js';
import { isBefore } from '../../owner/stream-position.js';
import { NO_TX_BUF, type TxBufTable } from '../../owner/tx-buf.js';
import type { Cpu } from '../../smp/cpu.js';
import { NO_SKB, type OwnedStreams } from './owned-streams.js';

/** The bit of a mark that says that the skb is not of its socket's ring: it was made by a split, or shares an array. */
const OUTSIDE = 1 << 29;

export interface OwnerRefsParts {
  readonly skbs: SkbTable;
  readonly owners: TxBufTable;
  readonly buffers: Buffers;
  readonly streams: OwnedStreams;
  readonly memory: BufferedMemory;
  /** True if buffers are freed as soon as all that lies in them is acknowledged. */
  readonly freesEarly: boolean;
}

export class OwnerRefs implements Lifetime {
  readonly #parts: OwnerRefsParts;

  constructor(parts: OwnerRefsParts) {
    this.#parts = parts;
  }

  accepts(_skb: number, _pfn: number): boolean {
    return true;
  }

  acquire(): void {}

  /** Begins an skb at the next byte of an owner, whose reference it holds from now on. Under the socket lock. */
  begin(skb: number, id: number): void {
    const { skbs, owners, streams } = this.#parts;
    owners.get(id);
    skbs.setMark(skb, id + 1);
    streams.setStart(skb, owners.end(id));
  }

  share(_cpu: Cpu, from: number, to: number): void {
    const { owners, streams } = this.#parts;
    const id = this.#ownerOf(from);
    if (id === NO_TX_BUF) return;
    owners.get(id);
    this.#beginOutside(to, id, streams.start(from));
  }

  split(_cpu: Cpu, from: number, to: number, bytes: number): void {
    const { skbs, owners, buffers, streams } = this.#parts;
    const id = this.#ownerOf(from);
    if (id === NO_TX_BUF || skbs.bytes(to) === 0) return;
    if (bytes === 0) {
      // Nothing is left that would need the reference, and an skb that is filled again begins with another.
      if ((skbs.mark(from) & OUTSIDE) !== 0) buffers.dropSharer(id);
      skbs.setMark(from, 0);
      this.#beginOutside(to, id, streams.start(from));
      return;
    }
    const start = (streams.start(from) + bytes) | 0;
    this.#beginOutside(to, owners.split(id, start), start);
  }

  release(cpu: Cpu, skb: number): void {
    const { skbs, owners, buffers, memory } = this.#parts;
    const id = this.#ownerOf(skb);
    if (id === NO_TX_BUF) return;
    if ((skbs.mark(skb) & OUTSIDE) !== 0) buffers.dropSharer(id);
    owners.release(cpu, id, memory);
  }

  /**
   * Frees the buffers of the oldest owner of a stream below its oldest byte that an skb still has: an skb that is
   * acknowledged may be on its way once more. All owners before it are gone, and those after it begin later. An skb
   * outside the ring covers only owners from the one that it begins in, which frees nothing early meanwhile.
   */
  acknowledged(cpu: Cpu, socket: number): void {
    const { owners, buffers, memory, streams, freesEarly } = this.#parts;
    if (!freesEarly) return;
    const skb = streams.oldestSkb(socket);
    const oldest = owners.oldest(socket);
    if (oldest === NO_TX_BUF || skb === NO_SKB) return; // a drained tail is rewound
    const needed = streams.start(skb);
    // A look without a reference, which is wrong at worst while the owner is being freed.
    const end = owners.start(oldest) + buffers.used(oldest, buffers.first(oldest));
    if (isBefore(needed, end) || !owners.tryGet(oldest)) return;
    if (!buffers.isShared(oldest)) memory.trim(cpu, oldest, needed);
    owners.release(cpu, oldest, memory);
  }

  /** Begins an skb outside the ring of its socket, for which a reference was taken. */
  #beginOutside(skb: number, id: number, start: number): void {
    const { skbs, buffers, streams } = this.#parts;
    buffers.addSharer(id);
    skbs.setMark(skb, OUTSIDE | (id + 1));
    streams.setStart(skb, start);
  }

  #ownerOf(skb: number): number {
    return ownerOfMark(this.#parts.skbs.mark(skb));
  }
}

/** The owner in which an skb with this mark begins, or `NO_TX_BUF`. */
export function ownerOfMark(mark: number): number {
  return (mark & ~OUTSIDE) - 1;
}
