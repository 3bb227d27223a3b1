/**
 * Owners of what send calls hung on skbs without a copy: what they hold, and what happens at their last reference.
 * Models: ubuf_info of MSG_ZEROCOPY (net/core/skbuff.c) and the zero-copy types of net_txbuf:
 * docs/spec/tx-path.md#the-owner-object.
 * Threads: each has its own over the same tables. `add`, `grow` and `number` under the socket lock; `destroy` on any
 * CPU, in any context.
 */
import type { CompletionTable } from '../../owner/completions.js';
import { MAX_ENTRIES, NO_TX_BUF, type TxBufDestructor, type TxBufTable, type TxBufType } from '../../owner/tx-buf.js';
import { ZeroCopyEntries } from '../../owner/zero-copy-entries.js';
import type { Cpu } from '../../smp/cpu.js';

/** What keeps memory as it is while it is in flight. */
export interface Tenure {
  /** The type of the owners. */
  readonly type: TxBufType;
  /** Takes a range; false, and nothing is taken, where the socket may not have more. */
  take(socket: number, phys: number, bytes: number): boolean;
  /** Takes what a range that was taken grows by, up to `end`. */
  grow(socket: number, phys: number, bytes: number, end: number): boolean;
  /** Gives a range back with all that it has grown by. */
  giveBack(cpu: Cpu, socket: number, phys: number, bytes: number): void;
}

/** The parts that owners of a machine consist of. */
export interface ZeroCopySendParts {
  readonly owners: TxBufTable;
  readonly tenure: Tenure;
  /** Null where senders are told nothing. */
  readonly completions: CompletionTable | null;
}

/** Frees the record of an owner that nothing was given to. */
const NOTHING: TxBufDestructor = { destroy: () => {} };

export class ZeroCopySends implements TxBufDestructor {
  readonly owners: TxBufTable;
  readonly completions: CompletionTable | null;
  readonly entries: ZeroCopyEntries;
  readonly #tenure: Tenure;

  constructor({ owners, tenure, completions }: ZeroCopySendParts) {
    this.owners = owners;
    this.completions = completions;
    this.entries = new ZeroCopyEntries(owners);
    this.#tenure = tenure;
  }

  /** Makes an owner, or returns `NO_TX_BUF` where there is no room for it or for what its sender would be told. */
  create(socket: number, position: number): number {
    if (this.completions !== null && !this.completions.hasRoom(socket)) return NO_TX_BUF;
    return this.owners.alloc(socket, this.#tenure.type, position);
  }

  /** Undoes `create`: nothing was hung on an skb. */
  discard(cpu: Cpu, id: number): void {
    this.owners.release(cpu, id, NOTHING);
  }

  /** Takes a range for an owner; false where its socket may not have more. The owner has room. */
  take(id: number, from: number, bytes: number): boolean {
    const { entries } = this;
    const socket = this.owners.socket(id);
    if (this.#follows(id, from)) {
      const last = entries.count(id) - 1;
      if (!this.#tenure.grow(socket, entries.address(id, last), entries.bytes(id, last), from + bytes)) return false;
      entries.grow(id, bytes);
      return true;
    }
    if (!this.#tenure.take(socket, from, bytes)) return false;
    entries.add(id, from, bytes);
    return true;
  }

  /** True if the owner has room for a range at `from`. */
  hasRoomFor(id: number, from: number): boolean {
    return this.#follows(id, from) || this.entries.count(id) < MAX_ENTRIES;
  }

  /** Numbers the send call that the owner is of now; `isNew`: it is the first one. */
  number(id: number, isNew: boolean): void {
    if (this.completions === null) return;
    const socket = this.owners.socket(id);
    if (isNew) {
      const number = this.completions.begin(socket);
      this.entries.setSends(id, number, number);
    } else this.entries.setSends(id, this.entries.lowSend(id), this.completions.extend(socket));
  }

  /** Number of send calls that the owner is of. */
  sends(id: number): number {
    return (this.entries.highSend(id) - this.entries.lowSend(id) + 1) >>> 0;
  }

  /** Gives the memory back, and then tells the sender that it may use it again. */
  destroy(cpu: Cpu, id: number): void {
    const { entries, completions } = this;
    const socket = this.owners.socket(id);
    for (let entry = entries.count(id) - 1; entry >= 0; entry--) {
      this.#tenure.giveBack(cpu, socket, entries.address(id, entry), entries.bytes(id, entry));
    }
    completions?.complete(cpu, socket, entries.lowSend(id), this.sends(id), entries.wasCopied(id));
  }

  #follows(id: number, from: number): boolean {
    const last = this.entries.count(id) - 1;
    return last >= 0 && this.entries.address(id, last) + this.entries.bytes(id, last) === from;
  }
}
